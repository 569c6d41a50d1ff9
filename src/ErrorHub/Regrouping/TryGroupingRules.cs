using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Events;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Normalization;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>What other rules would do to the issues of a project. Nothing becomes different; the answer can be applied as it is. Owners only.</summary>
/// <param name="Scope">Who tries them.</param>
/// <param name="Slug">The project.</param>
/// <param name="Rules">A rule a line; null or blank for none.</param>
/// <param name="Days">How far back to look at stored events: 1 to 90.</param>
public sealed record TryGroupingRules(AccessScope Scope, string Slug, string? Rules, int Days) : IRequest<ChangeResult<GroupingChangeDetails>>, IUnattended;

/// <summary>A change of rules and what it does.</summary>
/// <param name="Change">The change.</param>
/// <param name="Plan">What it does.</param>
public sealed record GroupingChangeDetails(GroupingChange Change, RegroupingPlan Plan)
{
    internal static GroupingChangeDetails Of(GroupingChange change) => new(change, RegroupingPlan.Parse(change.Plan));
}

internal sealed class TryGroupingRulesHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<TryGroupingRules, ChangeResult<GroupingChangeDetails>>
{
    // A body takes about 0.1 ms to read and group, so this is an answer in a few seconds.
    private const int MaxEvents = 20_000;
    private const int MaxOfHash = 200;
    private const int MaxDays = 90;

    // What was tried and not applied is of no use for long.
    private static readonly TimeSpan TriedFor = TimeSpan.FromDays(1);

    public async Task<ChangeResult<GroupingChangeDetails>> Handle(TryGroupingRules request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.AsNoTracking().VisibleTo(request.Scope).FirstOrDefaultAsync(p => p.Slug == request.Slug, cancellationToken);
        if (project is null)
            return ChangeResult<GroupingChangeDetails>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<GroupingChangeDetails>.Forbidden();
        if (request.Days is < 1 or > MaxDays)
            return ChangeResult<GroupingChangeDetails>.Invalid($"Look back 1 to {MaxDays} days.");

        var after = string.IsNullOrWhiteSpace(request.Rules) ? null : request.Rules.ReplaceLineEndings("\n").TrimEnd();
        GroupingRules.Read(after, out var problems);
        if (problems.Count > 0)
            return ChangeResult<GroupingChangeDetails>.Invalid(string.Join('\n', problems));
        if (after == project.GroupingRules)
            return ChangeResult<GroupingChangeDetails>.Invalid("These rules are in force already.");

        var now = EventProcessor.Microseconds(time.GetUtcNow());
        var plan = await PlanAsync(project, after, request.Days, now.AddDays(-request.Days), cancellationToken);
        // Rules of scrubbing may have tightened while events were read, and a run over what is stored have passed the plans.
        var scrubbing = await db.Projects.Where(p => p.Id == project.Id).Select(p => p.Scrubbing).FirstOrDefaultAsync(cancellationToken);
        if (scrubbing != project.Scrubbing)
        {
            var policy = ScrubbingPolicy.Of(ProjectScrubbing.Of(scrubbing).Settings);
            plan = plan.WithTitles(title => Rescrubbing.ScrubTitle(title, policy));
        }

        await db.GroupingChanges.Where(c => c.ProjectId == project.Id && c.State == GroupingChangeState.Tried && c.TriedAt < now - TriedFor)
            .ExecuteDeleteAsync(cancellationToken);
        var change = new GroupingChange
        {
            ProjectId = project.Id,
            Id = Guid.CreateVersion7(now),
            TriedAt = now,
            TriedBy = StoredText.Fit(request.Scope.Actor.Name, 256),
            Before = project.GroupingRules,
            After = after,
            Plan = plan.ToJson(),
            StateChangedAt = now,
        };
        db.GroupingChanges.Add(change);
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<GroupingChangeDetails>.Done(new GroupingChangeDetails(change, plan));
    }

    private async Task<RegroupingPlan> PlanAsync(
        Project project, string? rules, int days, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var hashes = await db.IssueFingerprints
            .Join(db.Issues.Where(i => i.LastSeen >= since), f => new { f.ProjectId, Id = f.IssueId }, i => new { i.ProjectId, i.Id }, (f, i) => new { f, i })
            .Where(x => x.f.ProjectId == project.Id)
            .OrderByDescending(x => x.i.LastSeen)
            .Take(MaxEvents)
            .Select(x => new { x.f.Hash, x.f.IssueId })
            .ToListAsync(cancellationToken);
        var ofEach = Math.Clamp(MaxEvents / Math.Max(hashes.Count, 1), 1, MaxOfHash);
        var (before, after) = await ProjectGrouping.OfAsync(db, project.Id, project.GroupingRules, rules, cancellationToken);
        List<Regrouped> events = [];
        foreach (var hash in hashes)
        {
            var newest = await db.Events.AsNoTracking()
                .Where(e => e.ProjectId == project.Id && e.Hash == hash.Hash && e.ReceivedAt >= since)
                .OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id)
                .Take(ofEach)
                .Select(e => new { e.EventId, e.Body, e.Codec, e.BodyBytes })
                .ToListAsync(cancellationToken);
            var name = Convert.ToHexStringLower(hash.Hash);
            foreach (var row in newest)
            {
                if (EventBodies.Read(row.Body, row.Codec, row.BodyBytes) is not { } e)
                    continue;

                var (was, becomes) = (before.Of(e), after.Of(e));
                // What an earlier version of the algorithm has grouped is none of this change's business.
                var fresh = was.Hash.ToString() == becomes.Hash.ToString() || becomes.Hash.ToString() == name ? null : becomes.Hash.ToString();
                events.Add(new(name, hash.IssueId, fresh, new SentryId(row.EventId).ToString(), EventHeading.Of(e, becomes.Title).Title));
            }
        }

        return await PlanAsync(project, events, days, ofEach, cancellationToken);
    }

    private async Task<RegroupingPlan> PlanAsync(
        Project project, List<Regrouped> events, int days, int ofEach, CancellationToken cancellationToken)
    {
        Dictionary<string, Guid> known = [];
        foreach (var some in events.Select(e => e.NewHash).OfType<string>().Distinct().Select(Convert.FromHexString).Chunk(500))
            foreach (var row in await db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == project.Id && some.Contains(f.Hash)).ToListAsync(cancellationToken))
                known[Convert.ToHexStringLower(row.Hash)] = row.IssueId;

        var plan = RegroupingPlanner.Plan(events, known);
        Dictionary<Guid, PlannedIssue> issues = [];
        foreach (var some in plan.Merges.SelectMany(m => m.Issues).Concat(plan.Splits.Select(s => s.First.IssueId)).Distinct().Chunk(500))
            foreach (var i in await db.Issues.AsNoTracking().Where(i => i.ProjectId == project.Id && some.Contains(i.Id))
                .Select(i => new { i.Id, i.Number, i.Title, i.EventCount, i.AssigneeId }).ToListAsync(cancellationToken))
                issues[i.Id] = new(i.Id, IssueShortId.Of(project.Slug, i.Number), i.Title, i.EventCount, i.AssigneeId);

        return new(
            days, events.Count, ofEach, plan.Issues.Before, plan.Issues.After, plan.NewHashes,
            [.. plan.Merges.Select(m => new PlannedMerge(
                [.. m.Issues.Select(id => issues.GetValueOrDefault(id)).OfType<PlannedIssue>().OrderByDescending(i => i.Events)], m.Parts))
                .OrderByDescending(m => m.Issues.Sum(i => i.Events))],
            [.. plan.Splits.Where(s => issues.ContainsKey(s.First.IssueId)).OrderByDescending(s => s.Events).Select(s => new PlannedSplit(
                s.First.IssueId, issues[s.First.IssueId].ShortId, s.First.Title, s.First.Hash, s.First.NewHash!, s.Part, s.Events, s.First.EventId))]);
    }
}
