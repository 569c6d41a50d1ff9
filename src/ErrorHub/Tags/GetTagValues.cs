using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Tags;

/// <summary>Values of a tag in an issue, most frequent first; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Key">The tag.</param>
/// <param name="Offset">Values to skip, at most 1,000.</param>
/// <param name="Limit">Values, 1 to 100.</param>
/// <remarks>Paged by offset, not by key: the list is short, and its order changes with every event anyway.</remarks>
public sealed record GetTagValues(AccessScope Scope, Guid IssueId, string Key, int Offset, int Limit) : IRequest<TagValuePage?>;

/// <summary>A page of values.</summary>
/// <param name="Values">The values.</param>
/// <param name="HasNext">True when there are more.</param>
public sealed record TagValuePage(IReadOnlyList<TagValue> Values, bool HasNext);

internal sealed class GetTagValuesHandler(ErrorHubDbContext db) : IRequestHandler<GetTagValues, TagValuePage?>
{
    private const int MaxOffset = 1_000;

    public async Task<TagValuePage?> Handle(GetTagValues request, CancellationToken cancellationToken)
    {
        if (await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken) is not { Id: var projectId })
            return null;

        var limit = Math.Clamp(request.Limit, 1, 100);
        var values = await db.IssueTags.AsNoTracking()
            .Where(t => t.ProjectId == projectId && t.IssueId == request.IssueId && t.Key == request.Key)
            .OrderByDescending(t => t.Events).ThenBy(t => t.Value)
            .Skip(Math.Clamp(request.Offset, 0, MaxOffset))
            .Take(limit + 1)
            .Select(t => new TagValue(t.Value, t.Events, t.FirstSeen, t.LastSeen))
            .ToListAsync(cancellationToken);
        return new TagValuePage([.. values.Take(limit)], values.Count > limit && request.Offset + limit <= MaxOffset);
    }
}
