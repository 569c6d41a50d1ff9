using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ErrorHub.Fuzz.Targets;
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

        AssertKeepsPromises(name, json, e);
        AssertReadsBack(name, e);
        EventNormalizer.Apply(e, Normalized.Context with { SentAt = e.Timestamp, ClientIp = "203.0.113.9" });
        AssertReadsBack(name, e);
        return true;
    }

    /// <summary>The same as fuzzing asks for, with the sender's clock as wrong as the event's.</summary>
    private static void AssertKeepsPromises(string name, ReadOnlyMemory<byte> json, SentryEvent e)
    {
        try
        {
            Assert.True(EventTarget.Run(json, e.Timestamp, null), name);
        }
        catch (PromiseBrokenException broken)
        {
            Assert.Fail($"{name}: {broken.Message}");
        }
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
