using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>What makes an event the one it is, and what it was taken from.</summary>
internal sealed class Identity
{
    private Identity(string variant, List<Component> components, List<Fault> faults) =>
        (Variant, Components, Faults) = (variant, components, faults);

    internal string Variant { get; private init; }

    internal List<Component> Components { get; private init; }

    /// <summary>The root causes that count; more than one only for a group of different exceptions.</summary>
    internal List<Fault> Faults { get; }

    internal bool IsCustom => Variant == "custom";

    /// <param name="e">The event.</param>
    /// <param name="marks">What the project's rules say of it; their fingerprint wins over the app's.</param>
    internal static Identity Of(SentryEvent e, RuleMarks marks)
    {
        var identity = Default(e, marks);
        if (marks.Fingerprint is { } rule)
            return new("custom", Fingerprints.Resolve(rule.Fingerprint!, e, identity.Components), identity.Faults);

        if (e.Fingerprint is not { Count: > 0 } fingerprint || (fingerprint.Count == 1 && Fingerprints.IsDefault(fingerprint[0])))
            return identity;

        return new("custom", Fingerprints.Resolve(fingerprint, e, identity.Components), identity.Faults);
    }

    /// <summary>The type and the whole path through the app's code.</summary>
    internal List<Component> Strict()
    {
        if (IsCustom || Variant == "message")
            return Components;

        List<Component> components = [];
        foreach (var fault in Faults)
        {
            AddType(components, fault);
            if (fault.Stack is { } stack)
                foreach (var name in stack.Path(fault.InApp))
                    components.Add(new("frame", name.ToString()));
        }

        return components;
    }

    /// <summary>The place alone: the first frame, else the message.</summary>
    internal List<Component> Family() =>
        IsCustom || Components.FindIndex(c => c.Kind is "frame" or "class" or "message") is not (>= 0 and var first) ? Components : [Components[first]];

    private static Identity Default(SentryEvent e, RuleMarks marks)
    {
        if (e.Exceptions.Count == 0 && e.Message is { Text.Length: > 0 } message)
            return new("message", [OfMessage(message)], []);

        var branches = Causes.Of(e);
        if (branches is [var only])
            return Single(e, Fault.Read(e, only, marks), marks);

        // Members that failed alike are one fault, however many there were; different ones are a fault of their own.
        SortedDictionary<string, Identity> members = new(StringComparer.Ordinal);
        foreach (var branch in branches)
        {
            var member = Single(e, Fault.Read(e, branch, marks), marks);
            members.TryAdd(string.Join('\n', member.Components), member);
        }

        if (members.Count == 1)
            return members.Values.First();

        List<Component> components = [];
        foreach (var member in members.Values)
            components.AddRange(member.Components);

        return new(members.Values.First().Variant, components, [.. members.Values.SelectMany(m => m.Faults)]);
    }

    private static Identity Single(SentryEvent e, Fault fault, RuleMarks marks)
    {
        List<Component> components = [];
        AddType(components, fault);
        var isNamed = false;
        foreach (var index in fault.Chosen)
        {
            components.Add(fault.Stack!.ComponentOf(index, fault.InApp));
            isNamed |= fault.Stack.Calls[index].Name.Name.Length > 0;
        }

        if (isNamed || (fault.Chosen.Count > 0 && fault.Type is null))
            return new(fault.InApp == true ? "app" : "system", components, [fault]);

        // Where no function has a name, as in minified scripts, the text must tell the faults of a file apart.
        var text = marks.Unfolded(e.Exceptions).Find(x => x.Value is { Length: > 0 })?.Value;
        if (text is not null)
            components.Add(new("message", MessageParameters.Remove(text)));
        else if (e.Message is { Text.Length: > 0 } message)
            components.Add(OfMessage(message));
        else if (components.Count == 0)
            components.Add(new("message", "<unlabeled event>"));

        return new("message", components, [fault]);
    }

    private static void AddType(List<Component> components, Fault fault)
    {
        if (fault.Type is { } type)
            components.Add(new("type", type));
    }

    // A template is what the developer wrote, so it says better than any pattern which parts vary.
    private static Component OfMessage(SentryMessage message) =>
        new("message", MessageParameters.Remove(message.Message is { Length: > 0 } template ? template : message.Text!));
}
