using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ErrorHub.Protocol.Events.Reading;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>How a session stands.</summary>
public enum SessionStatus
{
    /// <summary>It goes on, and all is well.</summary>
    Ok,

    /// <summary>It ended without a crash.</summary>
    Exited,

    /// <summary>Something went wrong that the app handled.</summary>
    Errored,

    /// <summary>The app was killed from outside, or hung.</summary>
    Abnormal,

    /// <summary>An error that nobody handled; the app went on.</summary>
    Unhandled,

    /// <summary>The app crashed.</summary>
    Crashed,
}

/// <summary>What an SDK says of one session: once when it begins, and again when it changes or ends.</summary>
/// <param name="Id">The session.</param>
/// <param name="Started">When it began, by the sender's clock.</param>
/// <param name="Status">How it stands; errors that were counted make an <see cref="SessionStatus.Ok"/> or an exited one errored.</param>
/// <param name="IsOver">True when nothing more is to come.</param>
public sealed record SessionUpdate(SentryId Id, DateTimeOffset Started, SessionStatus Status, bool IsOver);

/// <summary>Sessions that a server counted itself: how many that began in one minute ended how. The counts do not overlap.</summary>
/// <param name="Started">When they began.</param>
/// <param name="Counts">How many by status; no status is named twice.</param>
public sealed record SessionAggregate(DateTimeOffset Started, IReadOnlyDictionary<SessionStatus, long> Counts);

/// <summary>The payload of a <c>session</c> or <c>sessions</c> item (protocol.md section 10).</summary>
/// <param name="Release">Release of the app; never empty.</param>
/// <param name="Environment">Environment; empty when the sender gave none.</param>
/// <param name="Update">One session; null for aggregates.</param>
/// <param name="Aggregates">Counted sessions; empty for one session.</param>
public sealed record SessionReport(string Release, string Environment, SessionUpdate? Update, IReadOnlyList<SessionAggregate> Aggregates)
{
    private const int MaxAggregates = 100;
    private const long MaxCount = 10_000_000;

    private static readonly (string Name, SessionStatus Status)[] Counters =
    [
        ("exited", SessionStatus.Exited), ("errored", SessionStatus.Errored), ("abnormal", SessionStatus.Abnormal),
        ("unhandled", SessionStatus.Unhandled), ("crashed", SessionStatus.Crashed),
    ];

    /// <summary>Reads either payload; false when it has no release, or says nothing that can be counted.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SessionReport? report)
    {
        report = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            var values = new ValueReader([]);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("attrs", out var attributes) || attributes.ValueKind != JsonValueKind.Object
                || !attributes.TryGetProperty("release", out var version) || NameReader.Release(version, values) is not { } release)
                return false;

            var environment = attributes.TryGetProperty("environment", out var name) ? NameReader.Environment(name, values) ?? "" : "";
            if (root.TryGetProperty("aggregates", out var aggregates))
                report = ReadAggregates(aggregates) is { Count: > 0 } read ? new SessionReport(release, environment, null, read) : null;
            else
                report = ReadUpdate(root, values) is { } update ? new SessionReport(release, environment, update, []) : null;

            return report is not null;
        }
    }

    // {"sid":"…","init":true,"started":"2026-11-25T10:00:00Z","status":"ok","errors":0,"attrs":{"release":"shop@1.0","environment":"production"}}
    private static SessionUpdate? ReadUpdate(JsonElement root, ValueReader values)
    {
        if (!root.TryGetProperty("sid", out var sid) || !SentryId.TryParse(ValueReader.Primitive(sid), out var id)
            || !root.TryGetProperty("started", out var at) || !Timestamps.TryRead(at, out var started))
            return null;

        var word = root.TryGetProperty("status", out var given) ? ValueReader.Primitive(given)?.ToLowerInvariant() : null;
        var errors = root.TryGetProperty("errors", out var count) ? values.Integer(count, "errors") : null;
        var status = word switch
        {
            null or "ok" => SessionStatus.Ok,
            "exited" => SessionStatus.Exited,
            "abnormal" => SessionStatus.Abnormal,
            "unhandled" => SessionStatus.Unhandled,
            "crashed" => SessionStatus.Crashed,
            // A word of a newer SDK: something went wrong.
            _ => SessionStatus.Errored,
        };
        return new SessionUpdate(
            id, started, errors > 0 && status is SessionStatus.Ok or SessionStatus.Exited ? SessionStatus.Errored : status,
            status != SessionStatus.Ok);
    }

    // {"aggregates":[{"started":"2026-11-25T10:00:00Z","exited":20,"errored":2}],"attrs":{…}}
    private static List<SessionAggregate> ReadAggregates(JsonElement aggregates)
    {
        var read = new List<SessionAggregate>();
        if (aggregates.ValueKind != JsonValueKind.Array)
            return read;

        foreach (var aggregate in aggregates.EnumerateArray().Take(MaxAggregates))
        {
            if (aggregate.ValueKind != JsonValueKind.Object || !aggregate.TryGetProperty("started", out var at) || !Timestamps.TryRead(at, out var started))
                continue;

            var counts = Counters.Select(c => (c.Status, Count: CountOf(aggregate, c.Name))).Where(c => c.Count > 0).ToDictionary(c => c.Status, c => c.Count);
            if (counts.Count > 0)
                read.Add(new SessionAggregate(started, counts));
        }

        return read;
    }

    private static long CountOf(JsonElement aggregate, string name) =>
        aggregate.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var count) && count is >= 1 and <= MaxCount
            ? (long)count
            : 0;
}
