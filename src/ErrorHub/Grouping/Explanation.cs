using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping;

/// <summary>The parts of an event, each with whether it counts and why not.</summary>
internal static class Explanation
{
    internal static List<GroupingPart> Of(SentryEvent e, Identity identity, RuleMarks marks)
    {
        List<GroupingPart> parts = [];
        if (identity.IsCustom)
            foreach (var component in identity.Components)
                parts.Add(new(component.Kind, component.Value, true, marks.Fingerprint is { } rule ? $"by line {rule.Line} of the project's rules" : null, []));

        var isReplaced = identity.IsCustom && !identity.Components.Exists(c => c.Kind != "fingerprint");
        for (var i = e.Exceptions.Count - 1; i >= 0; i--)
            parts.Add(OfException(e, e.Exceptions[i], identity, marks, isReplaced));

        if (e.Message?.Text is { Length: > 0 } text)
        {
            var component = identity.Components.Find(c => c.Kind == "message").Value;
            var counts = component is not null && e.Exceptions.Count == 0;
            parts.Add(new("message", component ?? text, counts, counts ? null : isReplaced ? Replaced : "the exception says more", []));
        }

        if (identity.Faults.Find(f => f.Thrown is null && f.Stack is not null) is { } fault)
            parts.Add(Stack(fault.Stack!, fault, isReplaced));

        return parts;
    }

    private const string Replaced = "the fingerprint takes its place";

    private static GroupingPart OfException(SentryEvent e, SentryException exception, Identity identity, RuleMarks marks, bool isReplaced)
    {
        var typed = identity.Faults.Exists(f => ReferenceEquals(f.Typed, exception));
        var thrown = identity.Faults.Find(f => ReferenceEquals(f.Thrown, exception));
        List<GroupingPart> parts = [];
        if (exception.Type is { Length: > 0 })
            parts.Add(new("type", Fault.TypeOf(exception, FrameKinds.Of(e.Platform)), typed && !isReplaced, (typed, isReplaced) switch
            {
                (_, true) => Replaced,
                (true, _) => null,
                _ when marks.FoldedBy(exception) is { } line => $"folded by line {line} of the project's rules",
                _ when exception.Mechanism?.Synthetic == true => "made up by the SDK",
                _ when exception.Mechanism?.IsExceptionGroup == true => "only holds others",
                _ => "not the root cause",
            }, []));

        if (exception.StackTrace is { Frames.Count: > 0 } trace)
            parts.Add(thrown is { Stack: { } stack }
                ? Stack(stack, thrown, isReplaced)
                : new("stack", null, false, isReplaced ? Replaced : "the stack of another exception is nearer to the fault", [.. Frames(CallStack.Read(trace, e.Platform, exception.Type, marks))]));

        if (exception.Value is { Length: > 0 } value)
        {
            var parameterised = MessageParameters.Remove(value);
            var counts = !isReplaced && identity.Components.Contains(new("message", parameterised)) && marks.Unfolded(e.Exceptions).Find(x => x.Value is { Length: > 0 }) == exception;
            parts.Add(new("value", parameterised, counts, counts ? null : isReplaced ? Replaced : "the frames say more", []));
        }

        return new("exception", null, parts.Exists(p => p.Contributes), null, parts);
    }

    private static GroupingPart Stack(CallStack stack, Fault fault, bool isReplaced)
    {
        List<GroupingPart> frames = [];
        for (var i = 0; i < stack.Calls.Count; i++)
        {
            var counts = !isReplaced && fault.Chosen.Contains(i);
            var call = stack.Calls[i];
            var hint = counts ? stack.ComponentOf(i, fault.InApp).Kind == "class" ? "only its class counts" : null : isReplaced ? Replaced : HintOf(call, fault);
            frames.Add(new("frame", call.Name.ToString(), counts, WithRule(hint, call.RuleLine), []));
        }

        return new("stack", null, frames.Exists(f => f.Contributes), null, frames);
    }

    private static string? WithRule(string? hint, int line) => (hint, line) switch
    {
        (_, 0) => hint,
        (null, _) => $"by line {line} of the project's rules",
        _ => $"{hint}: line {line} of the project's rules",
    };

    private static IEnumerable<GroupingPart> Frames(CallStack stack) =>
        stack.Calls.Select(call => new GroupingPart("frame", call.Name.ToString(), false, null, []));

    private static string HintOf(Call call, Fault fault) => call.Standing switch
    {
        Standing.Blank => "has no name",
        Standing.Noise => "says how the program ran or died, not why",
        Standing.Plumbing => "put there by a compiler, a polyfill or an SDK",
        Standing.LeftOut => "left out",
        Standing.Guard => "throws on behalf of its caller",
        _ when call.InApp == false && fault.InApp != false => "not the app's",
        _ when call.InApp is null && fault.InApp == true => "not known to be the app's",
        _ => "another frame is nearer to the fault",
    };
}
