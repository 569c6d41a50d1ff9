using ErrorHub.Ingest;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>Counts again what the database counted as events came.</summary>
internal static class Recount
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every count that is kept against a count of the rows themselves.</summary>
    public static async Task AssertCountsEqualRecountAsync(this TestDatabase database, long project)
    {
        await using var db = database.NewContext();
        var rows = await db.EventsWithIssuesAsync(project, Cancellation);
        var events = rows.ConvertAll(r => r.Event);
        var issues = await db.Issues.Where(i => i.ProjectId == project).ToListAsync(Cancellation);
        Assert.Equal(
            rows.GroupBy(r => r.IssueId, r => r.Event).Select(g => (
                g.Key, (long)g.Count(), g.Where(e => e.UserHash is not null).Select(e => Convert.ToHexString(e.UserHash!)).Distinct().LongCount(),
                g.Min(e => e.ReceivedAt), g.Max(e => e.ReceivedAt))).Order(),
            issues.Select(i => (i.Id, i.EventCount, i.UserCount, i.FirstSeen, i.LastSeen)).Order());
        Assert.Equal(
            rows.GroupBy(r => (r.IssueId, Hour: Hour(r.Event.ReceivedAt), r.Event.Environment, r.Event.Release)).Select(g => (g.Key, g.LongCount())).Order(),
            (await db.IssueHours.Where(h => h.ProjectId == project).ToListAsync(Cancellation))
                .Select(h => ((h.IssueId, h.Hour, h.Environment, h.Release), h.Events)).Order());
        Assert.Equal(
            rows.GroupBy(r => (r.IssueId, Fault: r.Event.Title.Split(':')[0]), r => r.Event)
                .Select(g => (g.Key, g.LongCount(), g.Min(e => e.ReceivedAt), g.Max(e => e.ReceivedAt))).Order(),
            (await db.IssueTags.Where(t => t.ProjectId == project && t.Key == "fault").ToListAsync(Cancellation))
                .Select(t => ((t.IssueId, t.Value), t.Events, t.FirstSeen, t.LastSeen)).Order());
        Assert.Equal(
            events.GroupBy(e => Hour(e.ReceivedAt)).Select(g => (g.Key, g.LongCount())).Order(),
            (await db.OutcomeHours.Where(o => o.ProjectId == project && o.Outcome == Outcome.Accepted).ToListAsync(Cancellation))
                .Select(o => (o.Hour, o.Quantity)).Order());
        Assert.Equal(
            events.GroupBy(e => e.Release).Select(g => (g.Key, g.Min(e => e.ReceivedAt), g.Max(e => e.ReceivedAt))).Order(),
            (await db.Releases.Where(r => r.ProjectId == project).ToListAsync(Cancellation)).Select(r => (r.Version, r.FirstSeen, r.LastSeen)).Order());
        Assert.Equal(
            events.Select(e => (e.EventId, e.Id, e.ReceivedAt)).Order(),
            (await db.EventKeys.Where(k => k.ProjectId == project).ToListAsync(Cancellation)).Select(k => (k.EventId, k.Id, k.ReceivedAt)).Order());
    }

    private static DateTimeOffset Hour(DateTimeOffset time) => new(time.Year, time.Month, time.Day, time.Hour, 0, 0, TimeSpan.Zero);
}
