namespace ErrorHub.Protocol.Json;

/// <summary>How much of a value without a fixed shape is kept (protocol.md section 7.4).</summary>
/// <param name="Size">Characters of its JSON without white space and escapes.</param>
/// <param name="Depth">Levels of objects and arrays; deeper ones become text.</param>
internal readonly record struct JsonBudget(int Size, int Depth)
{
    internal static JsonBudget Small { get; } = new(1_024, 3);
    internal static JsonBudget Medium { get; } = new(2_048, 5);
    internal static JsonBudget Large { get; } = new(8_192, 7);
    internal static JsonBudget Larger { get; } = new(16_384, 7);
    internal static JsonBudget Massive { get; } = new(262_144, 7);

    /// <summary>For <c>_meta</c>, which has the shape of the event, and lists within it at the end.</summary>
    internal static JsonBudget Remarks { get; } = new(262_144, 32);
}
