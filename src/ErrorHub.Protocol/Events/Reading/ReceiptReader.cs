using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads what scrubbing left with a stored event. Nobody else writes it, so what has another shape is left out without a note.</summary>
internal static class ReceiptReader
{
    private const int MaxWord = 32;

    // {"policy":"strict-2","scrubbed":[{"path":"extra.card","rule":"creditcard","action":"replaced","count":1,"length":"16-31"}],"more":2}
    internal static ScrubbingReceipt? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || Text(value, "policy", MaxWord) is not { } policy)
            return null;

        var removals = value.TryGetProperty("scrubbed", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(ReadRemoval).OfType<Removal>().Take(ScrubbingReceipt.MaxRemovals).ToArray()
            : [];
        return new ScrubbingReceipt(policy, removals, Number(value, "more"));
    }

    private static Removal? ReadRemoval(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && Text(value, "path", Removal.MaxPath) is { } path && Text(value, "rule", MaxWord) is { } rule
        && Text(value, "action", MaxWord) is { } action && Number(value, "count") is > 0 and var count && Text(value, "length", MaxWord) is { } length
            ? new Removal(path, rule, action, count, length)
            : null;

    private static string? Text(JsonElement from, string name, int limit) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? FreeFormJson.Cut(value.GetString()!, limit) : null;

    private static int Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? Math.Max(0, number) : 0;
}
