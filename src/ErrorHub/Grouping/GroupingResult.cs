namespace ErrorHub.Grouping;

/// <summary>One hash of an event, with the algorithm that made it.</summary>
/// <param name="Value">First 16 bytes of the SHA-256 over the contributing parts.</param>
/// <param name="Version">Version of the algorithm; stored with the hash, so that upgrades can link old to new.</param>
public sealed record IssueHash(byte[] Value, short Version)
{
    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Value);
}

/// <summary>What groups an event, and why.</summary>
/// <param name="Hash">The identity: events with this hash are one issue.</param>
/// <param name="Variant">Which rule spoke: <c>app</c>, <c>system</c>, <c>message</c>, <c>custom</c>.</param>
/// <param name="Why">The contributing parts in order, for people: <c>type: ValueError</c>, <c>frame: pay in shop.cart</c>.</param>
/// <param name="Title">The title that a rule of the project gives; null for the event's own.</param>
public sealed record GroupingResult(IssueHash Hash, string Variant, IReadOnlyList<string> Why, string? Title = null);

/// <summary>The three hashes of an event. The finer ones divide what the coarser ones hold together.</summary>
/// <param name="Identity">Type and place of the fault: events with this hash are one issue.</param>
/// <param name="Strict">Type and the app's whole call path: by it an issue that holds too much can be split.</param>
/// <param name="Family">The place alone: what shares it is worth a look together.</param>
public sealed record GroupingHashes(IssueHash Identity, IssueHash Strict, IssueHash Family);

/// <summary>How an event was grouped: its hashes, and of every part whether it counted.</summary>
/// <param name="Hashes">The hashes.</param>
/// <param name="Variant">See <see cref="GroupingResult.Variant"/>.</param>
/// <param name="Parts">The parts of the event, outermost exception first.</param>
public sealed record GroupingExplanation(GroupingHashes Hashes, string Variant, IReadOnlyList<GroupingPart> Parts);

/// <summary>One part of an event, as grouping sees it.</summary>
/// <param name="Kind">Such as <c>exception</c>, <c>type</c>, <c>frame</c>, <c>message</c>.</param>
/// <param name="Text">Its normalised text; null for what only holds other parts.</param>
/// <param name="Contributes">Whether it is part of the identity.</param>
/// <param name="Hint">Why not, or what was done to it; null when there is nothing to say.</param>
/// <param name="Parts">What it consists of.</param>
public sealed record GroupingPart(string Kind, string? Text, bool Contributes, string? Hint, IReadOnlyList<GroupingPart> Parts);

/// <summary>One part of a hash.</summary>
/// <param name="Kind">Such as <c>type</c>, <c>frame</c>, <c>message</c>.</param>
/// <param name="Value">Its normalised text.</param>
internal readonly record struct Component(string Kind, string Value);
