using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping;

/// <summary>One root cause: what was thrown, and the stack that says where.</summary>
internal sealed class Fault
{
    private Fault(SentryException? typed, SentryException? thrown, CallStack? stack, FrameKind kind)
    {
        (Typed, Thrown, Stack) = (typed, thrown, stack);
        Type = typed is null ? null : TypeOf(typed, kind);
        (Chosen, InApp) = stack?.Choose(Type, typed?.Value) ?? ([], null);
    }

    /// <summary>The exception whose type counts; null when none has one that says anything.</summary>
    internal SentryException? Typed { get; }

    /// <summary>The exception whose stack counts; null when it is that of the event or of a thread.</summary>
    internal SentryException? Thrown { get; }

    internal string? Type { get; }

    internal CallStack? Stack { get; }

    internal List<int> Chosen { get; }

    /// <summary>Whether the frames chosen are the app's.</summary>
    internal bool? InApp { get; }

    /// <summary>Reads a branch of exceptions, innermost first; an empty one for an event without exceptions.</summary>
    internal static Fault Read(SentryEvent e, List<SentryException> branch, RuleMarks marks)
    {
        branch = marks.Unfolded(branch);
        var typed = branch.Find(x => x.Mechanism?.Synthetic != true && x.Type is { Length: > 0 });
        var kind = FrameKinds.Of(e.Platform);
        CallStack? found = null;
        SentryException? thrown = null;
        foreach (var exception in branch)
        {
            if (exception.StackTrace is not { Frames.Count: > 0 } trace)
                continue;

            var stack = CallStack.Read(trace, e.Platform, typed?.Type, marks);
            if (!stack.IsKnown)
                continue;

            if (found is null)
                (found, thrown) = (stack, exception);
            else if (stack.HasAppFrame)
                (found, thrown) = (stack, exception);

            // In .NET the stack of a cause ends where it was caught: the frames of what was thrown around it continue it.
            if (found.HasAppFrame || kind != FrameKind.DotNet)
                break;
        }

        return new(typed, thrown, found ?? OfEvent(e, marks), kind);
    }

    /// <summary>
    /// The type without generic arguments. Java's SDK sends the package apart, as the module; what others send there, such as an assembly
    /// with its version, is no part of the type.
    /// </summary>
    internal static string TypeOf(SentryException exception, FrameKind kind)
    {
        var type = exception.Type!;
        if (type.IndexOf('`', StringComparison.Ordinal) is > 0 and var arity)
            type = type[..arity];

        return kind == FrameKind.Java && exception.Module is { Length: > 0 } package && !type.Contains('.', StringComparison.Ordinal) ? $"{package}.{type}" : type;
    }

    private static CallStack? OfEvent(SentryEvent e, RuleMarks marks)
    {
        if (e.StackTrace is { Frames.Count: > 0 } own && CallStack.Read(own, e.Platform, null, marks) is { IsKnown: true } stack)
            return stack;

        return OnlyThread(e)?.StackTrace is { Frames.Count: > 0 } trace && CallStack.Read(trace, e.Platform, null, marks) is { IsKnown: true } found ? found : null;
    }

    /// <summary>The thread that crashed, else the current one, else the only one; null when several might be meant.</summary>
    internal static SentryThread? OnlyThread(SentryEvent e)
    {
        var crashed = e.Threads.FindAll(t => t.Crashed);
        var current = crashed.Count > 0 ? crashed : e.Threads.FindAll(t => t.Current);
        return (current.Count > 0 ? current : e.Threads) is [var only] ? only : null;
    }
}
