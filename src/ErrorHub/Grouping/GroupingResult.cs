namespace ErrorHub.Grouping;

/// <summary>One hash that identifies an issue, with the algorithm that made it.</summary>
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
public sealed record GroupingResult(IssueHash Hash, string Variant, IReadOnlyList<string> Why);
