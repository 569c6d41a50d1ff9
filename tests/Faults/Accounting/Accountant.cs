using System.Diagnostics;
using System.Globalization;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Accounting;

/// <summary>
/// Asks after a fault what became of every event (reliability-security.md 4.3): waits until the spool is empty, then compares what the
/// senders know with what the database holds.
/// </summary>
internal sealed class Accountant(string fault, Installation installation, EventLoad load)
{
    private const int Accepted = 0;

    // Outcomes of what was not stored go out once a second.
    private static readonly TimeSpan OutcomeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the spool may take to drain.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>True when a process was killed: counts of what was not stored live up to a second in memory.</summary>
    public bool Killed { get; init; }

    /// <summary>Times an event that is stored was sent again and answered 200.</summary>
    public int Resent { get; init; }

    /// <summary>Records of the spool that were damaged, and must have been set aside.</summary>
    public int SetAside { get; init; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Draws up the account; the test fails when it does not balance.</summary>
    public async Task<Verdict> CheckAsync(params Uri[] processes)
    {
        var recovery = Stopwatch.StartNew();
        foreach (var process in processes)
            await DrainedAsync(process);

        recovery.Stop();
        await using var db = await installation.OpenDatabaseAsync(Cancelled);
        var stored = new StoredEvents(db, load.Project, Cancelled);
        await CountedAsync(stored);
        var verdict = Compare(await stored.EventsAsync(), await stored.DeadLettersAsync()) with { RecoverySeconds = recovery.Elapsed.TotalSeconds };
        var faults = new List<string>();
        faults.AddRange(await stored.WrongCountsAsync());
        if (await WrongOutcomesAsync(stored, verdict) is { } wrong)
            faults.Add(wrong);
        faults.AddRange(await stored.DamageAsync());
        faults.AddRange(await LeftInSpoolAsync());
        verdict = verdict with { Faults = faults };

        Ledger.Write(verdict);
        Assert.True(verdict.Passes, $"{verdict}\n{string.Join('\n', faults)}");
        return verdict;
    }

    // I1 to I5.
    private Verdict Compare(IReadOnlyList<(Guid Id, string Sum)> rows, IReadOnlyList<Guid> deadLetters)
    {
        var sent = load.Sent.ToDictionary(e => e.Id);
        var times = rows.Select(r => r.Id).Concat(deadLetters).CountBy(id => id).ToDictionary();
        return new Verdict(fault, installation is SqliteInstallation ? "SQLite" : "PostgreSQL")
        {
            Seed = load.Seed,
            Sent = sent.Count,
            Ack = sent.Values.Count(e => e.Fate == Fate.Ack),
            Nak = sent.Values.Count(e => e.Fate == Fate.Nak),
            Unk = sent.Values.Count(e => e.Fate == Fate.Unknown),
            Lost = sent.Values.Count(e => e.Fate == Fate.Ack && !times.ContainsKey(e.Id)),
            Dup = times.Values.Count(n => n > 1),
            Ghost = times.Keys.Count(id => !sent.TryGetValue(id, out var e) || e.Fate == Fate.Nak),
            Corrupt = rows.Count(r => sent.TryGetValue(r.Id, out var e) && e.Sum != r.Sum),
            DeadLetters = deadLetters.Count,
            AckP99Milliseconds = P99Of(sent.Values),
            FaultAckP99Milliseconds = load.FaultSince is { } since ? P99Of(sent.Values.Where(e => e.SentAt >= since)) : null,
        };
    }

    private static double P99Of(IEnumerable<SentEvent> events)
    {
        var waits = events.Where(e => e.Fate == Fate.Ack).Select(e => e.Wait.TotalMilliseconds).Order().ToArray();
        return waits.Length == 0 ? 0 : waits[(waits.Length - 1) * 99 / 100];
    }

    // I8: every request is an outcome. What was sent without an answer may be one or none.
    private async Task<string?> WrongOutcomesAsync(StoredEvents stored, Verdict verdict)
    {
        var started = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Again);
        while (true)
        {
            var outcomes = await stored.OutcomesAsync();
            var rows = (await stored.EventsAsync()).Count;
            var total = outcomes.Values.Sum();
            var least = verdict.Ack + Resent + (Killed ? 0 : verdict.Nak);
            var agree = outcomes.GetValueOrDefault((Accepted, "")) == rows && total >= least && total <= verdict.Sent + Resent;
            if (agree)
                return null;

            if (started.Elapsed > OutcomeLimit)
            {
                var list = string.Join(", ", outcomes.Select(o => $"{o.Key.Outcome} {o.Key.Reason} {o.Value}"));
                return $"outcomes: {list}; {rows} rows, and {least} to {verdict.Sent + Resent} requests";
            }

            await pause.WaitForNextTickAsync(Cancelled);
        }
    }

    private async Task DrainedAsync(Uri process)
    {
        using var http = new HttpClient { BaseAddress = process };
        var started = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Again);
        while (await SpooledAsync(http) is > 0 and var left)
        {
            Assert.True(started.Elapsed < DrainLimit, $"{left} events are still in the spool after {started.Elapsed}");
            await pause.WaitForNextTickAsync(Cancelled);
        }
    }

    private static async Task CountedAsync(StoredEvents stored)
    {
        var started = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Again);
        while (await stored.UncountedAsync() is > 0 and var left)
        {
            Assert.True(started.Elapsed < CountLimit, $"{left} batches are still not counted after {started.Elapsed}");
            await pause.WaitForNextTickAsync(Cancelled);
        }
    }

    private static async Task<long> SpooledAsync(HttpClient http)
    {
        var metrics = await http.GetStringAsync("/metrics", Cancelled);
        var line = metrics.Split('\n').Single(l => l.StartsWith("errorhub_spool_events", StringComparison.Ordinal));
        return (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    // I12. The file that was written to last goes when it is next looked at.
    private async Task<IEnumerable<string>> LeftInSpoolAsync()
    {
        var folder = Path.Combine(installation.DataDirectory, "spool");
        using var pause = new PeriodicTimer(Again);
        for (var tries = 0; ; tries++)
        {
            var left = Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock").ToArray()
                : [];
            if (left.Length == SetAside && left.All(f => f.EndsWith(".record", StringComparison.Ordinal)))
                return [];

            if (tries == 50)
                return [$"{SetAside} records were to be set aside; left in the spool: {string.Join(", ", left)}"];

            await pause.WaitForNextTickAsync(Cancelled);
        }
    }
}
