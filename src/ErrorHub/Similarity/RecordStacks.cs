using ErrorHub.Activity;
using ErrorHub.Events;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Similarity;

/// <summary>Keeps the stack of hashes that have none yet, from their newest event.</summary>
/// <param name="IssueIds">Only hashes of these new issues; null for whichever lack one, such as those of before this existed.</param>
/// <param name="Most">Hashes, at most.</param>
public sealed record RecordStacks(IReadOnlyList<Guid>? IssueIds, int Most) : IRequest<IReadOnlyList<RecordedStack>>, IUnattended;

/// <summary>A hash whose stack was kept.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="Hash">16 bytes.</param>
/// <param name="Path">Its stack; null when its events have none, or none is stored any more.</param>
public sealed record RecordedStack(long ProjectId, byte[] Hash, StackPath? Path);

internal sealed class RecordStacksHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<RecordStacks, IReadOnlyList<RecordedStack>>
{
    // A new issue's event came just now; without a bound PostgreSQL would look into every day that is kept.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public async Task<IReadOnlyList<RecordedStack>> Handle(RecordStacks request, CancellationToken cancellationToken)
    {
        var hashes = db.IssueFingerprints.AsNoTracking();
        if (request.IssueIds is { } ids)
        {
            var projects = await db.Issues.Where(i => ids.Contains(i.Id)).Select(i => i.ProjectId).Distinct().ToListAsync(cancellationToken);
            hashes = hashes.Where(f => projects.Contains(f.ProjectId) && ids.Contains(f.IssueId));
        }

        var missing = await hashes
            .Where(f => !db.IssueStacks.Any(s => s.ProjectId == f.ProjectId && s.Hash == f.Hash))
            .Select(f => new { f.ProjectId, f.Hash })
            .Take(request.Most)
            .ToListAsync(cancellationToken);
        var since = request.IssueIds is null ? DateTimeOffset.UnixEpoch : time.GetUtcNow() - Recent;
        List<RecordedStack> recorded = [];
        foreach (var hash in missing)
        {
            var (hasEvent, path) = await PathAsync(hash.ProjectId, hash.Hash, since, cancellationToken);
            // A new issue whose event waited longer in the spool is found at the next start, with what else is missing; one without any event has no stack.
            if (!hasEvent && request.IssueIds is not null)
                continue;

            var stack = new RecordedStack(hash.ProjectId, hash.Hash, path);
            if (await TryAddAsync(stack, cancellationToken))
                recorded.Add(stack);
        }

        return recorded;
    }

    private async Task<(bool HasEvent, StackPath? Path)> PathAsync(long projectId, byte[] hash, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var stored = await db.Events.AsNoTracking()
            .Where(e => e.ProjectId == projectId && e.Hash == hash && e.ReceivedAt >= since)
            .OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id)
            .Select(e => new { e.Body, e.Codec, e.BodyBytes })
            .FirstOrDefaultAsync(cancellationToken);
        return (stored is not null, stored is not null && EventBodies.Read(stored.Body, stored.Codec, stored.BodyBytes) is { } e ? StackPath.Of(e) : null);
    }

    private async Task<bool> TryAddAsync(RecordedStack stack, CancellationToken cancellationToken)
    {
        db.IssueStacks.Add(new IssueStack { ProjectId = stack.ProjectId, Hash = stack.Hash, Frames = stack.Path?.ToBytes() ?? [] });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Another process was faster; or the database went away, which the next statement will say.
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
