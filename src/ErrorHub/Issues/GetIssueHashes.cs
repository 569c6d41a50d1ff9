using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The hashes that lead to an issue, the one seen last first; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
public sealed record GetIssueHashes(AccessScope Scope, Guid IssueId) : IRequest<IReadOnlyList<IssueHashRow>?>;

/// <summary>A hash of an issue, and what its events look like.</summary>
/// <param name="Hash">The hash.</param>
/// <param name="Events">Events stored, of very many the first <see cref="MaxEvents"/>.</param>
/// <param name="LatestEvent">The SDK's id of the newest of them; null when none is stored any more, and then so is what follows.</param>
/// <param name="LastSeen">When it was received.</param>
/// <param name="Title">Its title.</param>
/// <param name="Culprit">Where it happened.</param>
/// <param name="MergedFrom">Short id of the issue it was merged from; null when it was not.</param>
public sealed record IssueHashRow(
    IssueHash Hash, int Events, SentryId? LatestEvent, DateTimeOffset? LastSeen, string? Title, string? Culprit, string? MergedFrom)
{
    /// <summary>Events that are counted. Nobody needs more digits to decide, and counting a million would take its time.</summary>
    public const int MaxEvents = 10_000;
}

internal sealed class GetIssueHashesHandler(ErrorHubDbContext db) : IRequestHandler<GetIssueHashes, IReadOnlyList<IssueHashRow>?>
{
    private const int MaxHashes = 200;

    public async Task<IReadOnlyList<IssueHashRow>?> Handle(GetIssueHashes request, CancellationToken cancellationToken)
    {
        var project = await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken);
        if (project is null)
            return null;

        var hashes = await db.IssueFingerprints.AsNoTracking()
            .Where(f => f.ProjectId == project.Id && f.IssueId == request.IssueId)
            .OrderByDescending(f => f.Version).ThenBy(f => f.Hash)
            .Take(MaxHashes)
            .Select(f => new
            {
                f.Hash,
                f.Version,
                Number = db.IssueRedirects.Where(r => r.ProjectId == f.ProjectId && r.IssueId == f.MergedFrom).Select(r => (long?)r.Number).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var rows = new List<IssueHashRow>(hashes.Count);
        foreach (var hash in hashes)
        {
            var mergedFrom = hash.Number is { } number ? IssueShortId.Of(project.Slug, number) : null;
            rows.Add(await RowAsync(project.Id, new IssueHash(hash.Hash, hash.Version), mergedFrom, cancellationToken));
        }

        return [.. rows.OrderByDescending(r => r.LastSeen ?? DateTimeOffset.MinValue)];
    }

    private async Task<IssueHashRow> RowAsync(long projectId, IssueHash hash, string? mergedFrom, CancellationToken cancellationToken)
    {
        var events = db.Events.AsNoTracking().Where(e => e.ProjectId == projectId && e.Hash == hash.Value);
        var newest = await events.OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id)
            .Select(e => new { e.ReceivedAt, e.EventId, e.Title, e.Body, e.Codec, e.BodyBytes })
            .FirstOrDefaultAsync(cancellationToken);
        if (newest is null)
            return new IssueHashRow(hash, 0, null, null, null, null, mergedFrom);

        var count = await events.Take(IssueHashRow.MaxEvents).CountAsync(cancellationToken);
        var culprit = EventBodies.Read(newest.Body, newest.Codec, newest.BodyBytes) is { } body ? EventHeading.Of(body).Culprit : null;
        return new IssueHashRow(hash, count, new SentryId(newest.EventId), newest.ReceivedAt, newest.Title, culprit, mergedFrom);
    }
}
