using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Attachments;
using ErrorHub.Grouping.Rules;
using ErrorHub.Projects;
using ErrorHub.Regrouping;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>Works for some seconds on the runs over stored events that are not done. Called by the clock, and when one is to begin.</summary>
/// <remarks>
/// Answers whether there is more to do at once: then it is to be called again, behind other work that waits. Safe to call from several
/// processes: each run is worked on by one call at a time, and a call that ended in the middle, however it ended, is followed by another
/// from where the last committed step was.
/// </remarks>
public sealed record ContinueRescrubs : IRequest<bool>, IUnattended;

internal sealed class ContinueRescrubsHandler(ErrorHubDbContext db, AttachmentFiles files, IDatabaseMaintenance maintenance, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<ContinueRescrubs, bool>
{
    // Far longer than a step takes.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // Of one call, which holds one of the few workers.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);

    private readonly Guid _holder = Guid.CreateVersion7();

    public async Task<bool> Handle(ContinueRescrubs request, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Turn;
        var hasMore = false;
        List<Exception> problems = [];
        // The one that has waited longest comes first, so that each has its turn.
        var open = db.RescrubRuns.Where(r => r.FinishedAt == null).OrderBy(r => r.LeaseUntil).ThenBy(r => r.Id);
        foreach (var id in await open.Select(r => r.Id).ToListAsync(cancellationToken))
        {
            if (hasMore && time.GetUtcNow() >= until)
                break;

            try
            {
                if (await TakeAsync(id, cancellationToken) is { } run)
                    hasMore |= await ContinueAsync(run, until, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A run that fails must not keep the others from their turn.
                problems.Add(e);
            }
        }

        return problems.Count == 0 ? hasMore : throw new AggregateException(problems);
    }

    /// <returns>The run as it stands; null when another call has it.</returns>
    private async Task<RescrubRun?> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var taken = await db.RescrubRuns
            .Where(r => r.Id == id && r.FinishedAt == null && r.LeaseUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseHolder, _holder).SetProperty(r => r.LeaseUntil, now + Lease), cancellationToken);
        return taken == 0 ? null : await db.RescrubRuns.AsNoTracking().SingleAsync(r => r.Id == id, cancellationToken);
    }

    /// <returns>True when there is more to do at once; false when it is done or waits.</returns>
    private async Task<bool> ContinueAsync(RescrubRun run, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await db.Projects.AsNoTracking().FirstOrDefaultAsync(p => p.Id == run.ProjectId && p.DeletedAt == null, cancellationToken) is not { } project)
        {
            await SaveAsync(run, r => (r.Phase, r.FinishedAt) = (RescrubPhase.Done, time.GetUtcNow()), cancellationToken);
            return false;
        }

        // Whoever changes them takes the run away (OpenRescrubs), so they hold for all steps of this call.
        var policy = ScrubbingPolicy.Of(ProjectScrubbing.Of(project.Scrubbing).Settings);
        var rules = GroupingRules.Read(project.GroupingRules, out _);
        var isOurs = run.Policy == policy.Version || await SaveAsync(run, r => r.Restart(policy.Version, time.GetUtcNow()), cancellationToken);
        while (isOurs && run.Phase != RescrubPhase.Done && !await IsWaitingAsync(run, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetUtcNow() >= until)
            {
                await ReleaseAsync(run, cancellationToken);
                return true;
            }

            isOurs = run.Phase switch
            {
                RescrubPhase.Events => await EventsAsync(run, new RescrubEvents(db, run.ProjectId, policy, rules), cancellationToken),
                RescrubPhase.Beside => await BesideAsync(run, new RescrubBeside(db, files, run.ProjectId, policy, rules), cancellationToken),
                _ => await IssuesAsync(run, project, policy, rules, cancellationToken),
            };
        }

        await ReleaseAsync(run, cancellationToken);
        return !isOurs;
    }

    // What a process has noted down and not counted is added to issues and tags later, with the texts that it had.
    private async Task<bool> IsWaitingAsync(RescrubRun run, CancellationToken cancellationToken) =>
        time.GetUtcNow() < run.BeginsAt
        || (run is { Phase: RescrubPhase.Issues, CursorId: var cursor } && cursor == Guid.Empty
            && journals.FirstOrDefault() is { } journal && await journal.IsBehindAsync(run.BeginsAt, cancellationToken));

    private async Task<bool> EventsAsync(RescrubRun run, RescrubEvents step, CancellationToken cancellationToken)
    {
        await step.ReadAsync(run.CursorAt, run.CursorId, run.BeginsAt, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await step.WriteAsync(cancellationToken);
        var isSaved = await SaveAsync(
            run,
            r =>
            {
                if (r.CursorId == Guid.Empty)
                    r.From = step.First;

                (r.EventsSeen, r.EventsChanged, r.EventsUnreadable) = (r.EventsSeen + step.Seen, r.EventsChanged + step.Changed, r.EventsUnreadable + step.Unreadable);
                if (step.Last is { } last)
                    (r.CursorAt, r.CursorId) = last;
                else
                    (r.Phase, r.CursorId) = (RescrubPhase.Beside, Guid.Empty);
            },
            cancellationToken);
        if (isSaved)
            await transaction.CommitAsync(cancellationToken);

        return isSaved;
    }

    private async Task<bool> BesideAsync(RescrubRun run, RescrubBeside step, CancellationToken cancellationToken)
    {
        var last = await step.RunAsync(run.CursorId, run.BeginsAt, cancellationToken);
        return await SaveAsync(run, r => (r.Phase, r.CursorId) = last is { } id ? (r.Phase, id) : (RescrubPhase.Issues, Guid.Empty), cancellationToken);
    }

    private async Task<bool> IssuesAsync(RescrubRun run, Project project, ScrubbingPolicy policy, GroupingRules rules, CancellationToken cancellationToken)
    {
        var issues = new RescrubIssues(db, run.ProjectId, policy, rules);
        if (await issues.NextAsync(run.CursorId, cancellationToken) is { } issue)
        {
            var change = await issues.ReadAsync(issue, cancellationToken);
            await using var ofIssue = await db.Database.BeginTransactionAsync(cancellationToken);
            var isChanged = await issues.WriteAsync(issue, change, cancellationToken);
            // An issue of very many tags takes several steps, and the last one counts it.
            var isSaved = await SaveAsync(
                run, r => (r.CursorId, r.IssuesChanged) = change.IsAll ? (issue.Id, r.IssuesChanged + (isChanged ? 1 : 0)) : (r.CursorId, r.IssuesChanged), cancellationToken);
            if (isSaved)
                await ofIssue.CommitAsync(cancellationToken);

            return isSaved;
        }

        await PlansAsync(run.ProjectId, policy, cancellationToken);
        await using (var places = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await new RescrubPlaces(db, run.ProjectId, policy).RunAsync(cancellationToken);
            await places.CommitAsync(cancellationToken);
        }

        await maintenance.ClearRemovedAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (!await SaveAsync(run, r => (r.Phase, r.FinishedAt) = (RescrubPhase.Done, now), cancellationToken))
            return false;

        db.Activity.Add(ActivityRecord.Of(
            Actor.System, now, "project.rescrubbed", project.Slug, project.Id,
            $"by {run.Policy}: {run.EventsChanged} of {run.EventsSeen} events and {run.IssuesChanged} issues changed"
                + (run.EventsUnreadable > 0 ? $", {run.EventsUnreadable} events could not be read" : "")));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // What was tried of rules of grouping names issues by their titles.
    private async Task PlansAsync(long projectId, ScrubbingPolicy policy, CancellationToken cancellationToken)
    {
        var changes = db.GroupingChanges.Where(c => c.ProjectId == projectId);
        foreach (var id in await changes.Select(c => c.Id).ToListAsync(cancellationToken))
        {
            var plan = await changes.Where(c => c.Id == id).Select(c => c.Plan).FirstOrDefaultAsync(cancellationToken);
            if (plan is not null && RegroupingPlan.Parse(plan).WithTitles(title => Rescrubbing.ScrubTitle(title, policy)).ToJson() is var scrubbed && scrubbed != plan)
                await changes.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Plan, scrubbed), cancellationToken);
        }
    }

    /// <summary>Changes the run, here and in the database; with the step's own changes, in one transaction.</summary>
    private async Task<bool> SaveAsync(RescrubRun run, Action<RescrubRun> change, CancellationToken cancellationToken)
    {
        change(run);
        run.LeaseUntil = time.GetUtcNow() + Lease;
        var saved = await Held(run).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Policy, run.Policy).SetProperty(r => r.StartedAt, run.StartedAt).SetProperty(r => r.FinishedAt, run.FinishedAt)
                .SetProperty(r => r.From, run.From).SetProperty(r => r.Phase, run.Phase).SetProperty(r => r.CursorAt, run.CursorAt).SetProperty(r => r.CursorId, run.CursorId)
                .SetProperty(r => r.EventsSeen, run.EventsSeen).SetProperty(r => r.EventsChanged, run.EventsChanged)
                .SetProperty(r => r.EventsUnreadable, run.EventsUnreadable).SetProperty(r => r.IssuesChanged, run.IssuesChanged)
                .SetProperty(r => r.LeaseUntil, run.LeaseUntil),
            cancellationToken);
        return saved == 1;
    }

    private Task<int> ReleaseAsync(RescrubRun run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Held(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, now), cancellationToken);
    }

    private IQueryable<RescrubRun> Held(RescrubRun run) =>
        db.RescrubRuns.Where(r => r.ProjectId == run.ProjectId && r.Id == run.Id && r.LeaseHolder == _holder);
}
