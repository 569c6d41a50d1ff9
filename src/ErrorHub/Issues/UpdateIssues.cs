using System.Diagnostics;
using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// Changes issues, one or many at once; ids the caller does not see are left out. Each change is in the issue's history and in
/// the activity log; an issue that already is as asked for stays untouched. Answers the ids that the caller sees.
/// </summary>
/// <param name="Scope">Who changes, and what they may see.</param>
/// <param name="IssueIds">The issues, at most 1,000.</param>
/// <param name="Status">New state; null to leave it.</param>
/// <param name="Assignment">New assignee; null to leave it.</param>
public sealed record UpdateIssues(
    AccessScope Scope, IReadOnlyList<Guid> IssueIds, IssueStatus? Status, Assignment? Assignment)
    : IRequest<IReadOnlyList<Guid>>, IChange;

/// <summary>Whom to assign to; null to take the assignment away.</summary>
/// <param name="UserId">The person.</param>
public sealed record Assignment(Guid? UserId);

internal sealed class UpdateIssuesHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<UpdateIssues, IReadOnlyList<Guid>>
{
    private const int MaxIssues = 1_000;
    private const int Tries = 3;

    public async Task<IReadOnlyList<Guid>> Handle(UpdateIssues request, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ChangeAsync(request, cancellationToken);
            }
            catch (DbUpdateConcurrencyException) when (tries < Tries)
            {
                // One of them was merged or deleted since it was read; the others change all the same.
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<IReadOnlyList<Guid>> ChangeAsync(UpdateIssues request, CancellationToken cancellationToken)
    {
        var ids = request.IssueIds.Distinct().Take(MaxIssues).ToArray();
        var found = await db.Projects.VisibleTo(request.Scope)
            .Join(db.Issues.Where(i => ids.Contains(i.Id)), p => p.Id, i => i.ProjectId, (p, i) => new { Issue = i, p.Slug })
            .ToListAsync(cancellationToken);
        var assigneeName = await AssigneeNameAsync(request.Assignment, cancellationToken);
        foreach (var (issue, shortId) in found.Select(f => (f.Issue, IssueShortId.Of(f.Slug, f.Issue.Number))))
        {
            if (request.Status is { } status && issue.Status != status)
                SetStatus(issue, shortId, status, request.Scope.Actor);

            if (request.Assignment is { } assignment && issue.AssigneeId != assignment.UserId)
                Assign(issue, shortId, assignment, assigneeName, request.Scope.Actor);
        }

        await db.SaveChangesAsync(cancellationToken);
        return [.. found.Select(f => f.Issue.Id)];
    }

    private async Task<string?> AssigneeNameAsync(Assignment? assignment, CancellationToken cancellationToken) =>
        assignment?.UserId is { } userId
            ? await db.Users.Where(u => u.Id == userId).Select(u => u.Name).FirstOrDefaultAsync(cancellationToken)
            : null;

    private void SetStatus(Issue issue, string shortId, IssueStatus status, Actor actor)
    {
        var now = time.GetUtcNow();
        issue.Status = status;
        issue.Substatus = status == IssueStatus.Archived ? IssueSubstatus.ArchivedForever : IssueSubstatus.Ongoing;
        issue.StatusChangedAt = now;
        var (kind, action) = status switch
        {
            IssueStatus.Unresolved => (IssueTransitionKind.Reopened, "issue.reopened"),
            IssueStatus.Resolved => (IssueTransitionKind.Resolved, "issue.resolved"),
            IssueStatus.Archived => (IssueTransitionKind.Archived, "issue.archived"),
            _ => throw new UnreachableException(),
        };
        Record(issue, shortId, kind, action, null, actor, now);
    }

    private void Assign(Issue issue, string shortId, Assignment assignment, string? assigneeName, Actor actor)
    {
        issue.AssigneeId = assignment.UserId;
        var action = assignment.UserId is null ? "issue.unassigned" : "issue.assigned";
        Record(issue, shortId, IssueTransitionKind.Assigned, action, assigneeName, actor, time.GetUtcNow());
    }

    private void Record(
        Issue issue, string shortId, IssueTransitionKind kind, string action, string? detail, Actor actor, DateTimeOffset now)
    {
        db.IssueTransitions.Add(IssueTransition.By(actor, issue, kind, now));
        db.Activity.Add(ActivityRecord.Of(actor, now, action, shortId, issue.ProjectId, detail));
    }
}
