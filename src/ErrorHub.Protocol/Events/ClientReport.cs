using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>What an SDK says it dropped itself, and why.</summary>
/// <param name="Timestamp">When, by the sender's clock; null when absent or unreadable.</param>
/// <param name="Discarded">The counts, at most 100; empty when the report has none.</param>
public sealed record ClientReport(DateTimeOffset? Timestamp, IReadOnlyList<ClientDiscard> Discarded)
{
    private const int MaxEntries = 100;

    // Relay adds the last three; a report without any of the arrays is fine.
    private static readonly string[] Lists =
        ["discarded_events", "rate_limited_events", "filtered_events", "filtered_sampling_events"];

    // {"timestamp":1700000000.5,"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23}]}
    /// <summary>Reads the payload of a <c>client_report</c> item; entries that cannot be read are left out.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out ClientReport? report)
    {
        report = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return false;

            DateTimeOffset? timestamp = root.TryGetProperty("timestamp", out var at) && Timestamps.TryRead(at, out var time) ? time : null;
            report = new ClientReport(timestamp, [.. Lists.SelectMany(list => Entries(root, list)).Take(MaxEntries)]);
            return true;
        }
    }

    private static IEnumerable<ClientDiscard> Entries(JsonElement root, string list)
    {
        if (!root.TryGetProperty(list, out var entries) || entries.ValueKind != JsonValueKind.Array)
            yield break;

        foreach (var entry in entries.EnumerateArray())
            if (entry.ValueKind == JsonValueKind.Object
                && Name(entry, "category") is { } category
                && entry.TryGetProperty("quantity", out var quantity)
                && quantity.ValueKind == JsonValueKind.Number
                && quantity.TryGetDouble(out var count)
                && count is >= 1 and <= int.MaxValue)
                yield return new ClientDiscard(Name(entry, "reason") ?? "", category, (long)count);
    }

    private static string? Name(JsonElement entry, string property) =>
        entry.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= 64 } name
            ? name
            : null;
}

/// <summary>How many items of a category a client dropped for one reason.</summary>
/// <param name="Reason">Such as <c>ratelimit_backoff</c> or <c>before_send</c>; empty when not given.</param>
/// <param name="Category">Sentry's data category.</param>
/// <param name="Quantity">How many, from 1.</param>
public sealed record ClientDiscard(string Reason, string Category, long Quantity);
