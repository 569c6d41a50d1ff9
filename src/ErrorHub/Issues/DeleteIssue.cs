using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Attachments;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>Deletes an issue with its events; the next event of the fault is a new issue. False when the caller sees no such issue.</summary>
/// <param name="Scope">Who deletes.</param>
/// <param name="IssueId">The issue.</param>
public sealed record DeleteIssue(AccessScope Scope, Guid IssueId) : IRequest<bool>, IChange;

internal sealed class DeleteIssueHandler(ErrorHubDbContext db, AttachmentRemoval attachments, TimeProvider time) : IRequestHandler<DeleteIssue, bool>
{
    // Small enough that the one writer of SQLite waits milliseconds, not seconds, for a step.
    private const int EventsPerStep = 500;

    // Their files go once the rows are gone for good.
    private readonly List<(long ProjectId, Guid Id)> _attachments = [];

    public async Task<bool> Handle(DeleteIssue request, CancellationToken cancellationToken)
    {
        var issue = await db.Projects.VisibleTo(request.Scope)
            .Join(db.Issues, p => p.Id, i => i.ProjectId, (p, i) => new { i.ProjectId, i.Id, i.Number, p.Slug })
            .FirstOrDefaultAsync(i => i.Id == request.IssueId, cancellationToken);
        if (issue is null)
            return false;

        // Most events before the issue: whoever is interrupted in between finds the issue and deletes it again.
        while (await DeleteSomeEventsAsync(issue.ProjectId, issue.Id, cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The issue's row first, as an event writer locks it: a batch waits here, and then makes a new issue. In another order the
        // two could wait for each other, or the batch could leave events behind that belong to nothing.
        if (await db.Issues.Where(i => i.ProjectId == issue.ProjectId && i.Id == issue.Id).ExecuteDeleteAsync(cancellationToken) == 0)
            return false;

        while (await DeleteEventsAsync(issue.ProjectId, issue.Id, cancellationToken) > 0)
            cancellationToken.ThrowIfCancellationRequested();

        var hashes = db.IssueFingerprints.Where(f => f.ProjectId == issue.ProjectId && f.IssueId == issue.Id);
        await db.IssueStacks.Where(s => s.ProjectId == issue.ProjectId && hashes.Any(f => f.Hash == s.Hash)).ExecuteDeleteAsync(cancellationToken);
        await hashes.ExecuteDeleteAsync(cancellationToken);
        // The histories of issues that were merged into it are under their own ids.
        var merged = db.IssueRedirects.Where(r => r.ProjectId == issue.ProjectId && r.TargetId == issue.Id);
        await db.IssueTransitions
            .Where(t => t.ProjectId == issue.ProjectId && (t.IssueId == issue.Id || merged.Any(r => r.IssueId == t.IssueId)))
            .ExecuteDeleteAsync(cancellationToken);
        await merged.ExecuteDeleteAsync(cancellationToken);
        await db.IssueUsers.Where(u => u.ProjectId == issue.ProjectId && u.IssueId == issue.Id).ExecuteDeleteAsync(cancellationToken);
        await db.IssueUserSketches.Where(s => s.ProjectId == issue.ProjectId && s.IssueId == issue.Id).ExecuteDeleteAsync(cancellationToken);
        await db.IssueTags.Where(t => t.ProjectId == issue.ProjectId && t.IssueId == issue.Id).ExecuteDeleteAsync(cancellationToken);
        await db.IssueHours.Where(h => h.ProjectId == issue.ProjectId && h.IssueId == issue.Id).ExecuteDeleteAsync(cancellationToken);
        var shortId = IssueShortId.Of(issue.Slug, issue.Number);
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, time.GetUtcNow(), "issue.deleted", shortId, issue.ProjectId));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        attachments.DeleteFiles(_attachments);
        return true;
    }

    // Under the issue's lock: its hashes must not lead to another issue before their events are gone.
    private async Task<bool> DeleteSomeEventsAsync(long projectId, Guid issueId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.LockIssuesAsync(projectId, [issueId], cancellationToken))
            return false;

        var deleted = await DeleteEventsAsync(projectId, issueId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted > 0;
    }

    // One step of the first hash that has events.
    private async Task<int> DeleteEventsAsync(long projectId, Guid issueId, CancellationToken cancellationToken)
    {
        var hashes = await db.IssueFingerprints.Where(f => f.ProjectId == projectId && f.IssueId == issueId)
            .Select(f => f.Hash)
            .ToListAsync(cancellationToken);
        foreach (var hash in hashes)
        {
            if (await DeleteEventsAsync(projectId, hash, cancellationToken) is > 0 and var deleted)
                return deleted;
        }

        return 0;
    }

    private async Task<int> DeleteEventsAsync(long projectId, byte[] hash, CancellationToken cancellationToken)
    {
        var events = db.Events.Where(e => e.ProjectId == projectId && e.Hash == hash);
        var step = await events.OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id)
            .Select(e => new { e.ReceivedAt, e.Id, e.EventId })
            .Take(EventsPerStep)
            .ToListAsync(cancellationToken);
        if (step.Count == 0)
            return 0;

        var eventIds = step.Select(e => e.EventId).ToArray();
        var ids = step.Select(e => e.Id).ToArray();
        var (first, last) = (step[0].ReceivedAt, step[^1].ReceivedAt);
        await db.EventKeys.Where(k => k.ProjectId == projectId && eventIds.Contains(k.EventId)).ExecuteDeleteAsync(cancellationToken);
        await events.Where(e => e.ReceivedAt >= first && e.ReceivedAt <= last && ids.Contains(e.Id)).ExecuteDeleteAsync(cancellationToken);
        await DeleteAttachmentsAsync(projectId, eventIds, cancellationToken);
        await db.UserFeedback.Where(f => f.ProjectId == projectId && f.EventId != null && eventIds.Contains(f.EventId.Value))
            .ExecuteDeleteAsync(cancellationToken);
        return step.Count;
    }

    private async Task DeleteAttachmentsAsync(long projectId, Guid[] eventIds, CancellationToken cancellationToken)
    {
        var ofEvents = db.Attachments.AsNoTracking().Where(a => a.ProjectId == projectId && eventIds.Contains(a.EventId));
        while (await attachments.DeleteRowsAsync(ofEvents, cancellationToken) is { Count: > 0 } removed)
            _attachments.AddRange(removed);
    }
}
