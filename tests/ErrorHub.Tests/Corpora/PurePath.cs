using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Protocol.Events;
using ErrorHub.Tests.Normalization;
using ErrorHub.Tests.Protocol;

namespace ErrorHub.Tests.Corpora;

/// <summary>What a body goes through before the database, without I/O: split, read, normalise, title, tag, group, write.</summary>
internal static class PurePath
{
    // The worst of the corpora, 20,000 keys in 318 KB, took 0.5 s and 32 MB here with the comparisons below; a busy machine adds waiting.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);
    private const long MaxAllocatedBytes = 100 * 1_024 * 1_024;

    /// <summary>Runs a body both as an envelope and as that of the store endpoint; gives the number of events in it.</summary>
    internal static int Run(string name, byte[] body)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();

        var events = 0;
        if (EnvelopeReader.TryRead(body, EnvelopeLimits.Default, out var envelope, out _))
            events += envelope.Items.Count(item => item.Header.IsEvent && Process(name, item.Payload));

        if (StoreBody.TryDecode(body, EnvelopeLimits.Default.MaxEventBytes, out var json, out _) && Process(name, json))
            events++;

        Assert.True(Stopwatch.GetElapsedTime(start) < MaxTime, $"{name} took {Stopwatch.GetElapsedTime(start)}");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < MaxAllocatedBytes, $"{name} allocated {allocated:N0} bytes");
        return events;
    }

    /// <summary>An event's JSON to what is stored; false when it is no event.</summary>
    internal static bool Process(string name, ReadOnlyMemory<byte> json)
    {
        if (!EventJson.TryParse(json, out var e))
            return false;

        AssertReadsBack(name, e);
        EventNormalizer.Apply(e, Normalized.Context with { SentAt = e.Timestamp, ClientIp = "203.0.113.9" });
        AssertReadsBack(name, e);
        AssertFits(name, EventHeading.Of(e), DerivedTags.Of(e));
        Assert.Equal(16, Grouper.GroupingOf(e).Hash.Value.Length);
        return true;
    }

    /// <summary>These go to columns: no longer than they are, and without the character that PostgreSQL's text refuses.</summary>
    private static void AssertFits(string name, EventHeading heading, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        Assert.True(heading is { Title.Length: > 0 and <= 256, Culprit.Length: <= 200 }, $"{name}: {heading}");
        Assert.True(heading is { Type: null or { Length: <= 128 }, Value: null or { Length: <= 1_024 } }, $"{name}: {heading}");
        Assert.All(tags, tag => Assert.True(tag is { Key.Length: > 0 and <= 200, Value.Length: > 0 and <= 200 }, $"{name}: {tag}"));
        Assert.DoesNotContain('\0', heading + string.Concat(tags));
    }

    /// <summary>What is stored reads back as the same event, in every property.</summary>
    private static void AssertReadsBack(string name, SentryEvent e)
    {
        var written = Event.Write(e);
        Assert.True(EventJson.TryParse(written, out var again), $"{name} is stored as no JSON");
        AssertSame(name, JsonSerializer.SerializeToUtf8Bytes(e), JsonSerializer.SerializeToUtf8Bytes(again));
        AssertSame(name, written, Event.Write(again));
    }

    private static void AssertSame(string name, byte[] expected, byte[] actual)
    {
        var at = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(
            at == expected.Length && at == actual.Length,
            $"{name} reads back as another event:\n{Around(expected, at)}\n{Around(actual, at)}");
    }

    private static string Around(byte[] bytes, int at)
    {
        var start = Math.Max(0, at - 60);
        return Encoding.UTF8.GetString(bytes.AsSpan(start, Math.Min(160, bytes.Length - start)));
    }
}
