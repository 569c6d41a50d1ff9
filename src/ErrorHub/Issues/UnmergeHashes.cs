using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Issues.Parting;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Issues;

/// <summary>
/// Takes hashes out of an issue, for good: with their events, counts and users they become an issue of their own. Hashes that were merged
/// from one issue become that issue again, with its number and address.
/// </summary>
/// <param name="Scope">Who does it, and what they may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Hashes">Some of its hashes, 32 hex digits each; at least one must stay.</param>
/// <param name="Home">The issue that was merged away and that they are to be again; null for the one they were first merged from.</param>
public sealed record UnmergeHashes(AccessScope Scope, Guid IssueId, IReadOnlyList<string> Hashes, Guid? Home = null)
    : IRequest<ChangeResult<PartedIssue>>, IChange;

/// <summary>What was taken out of an issue.</summary>
/// <param name="IssueId">The issue it is now; null when no event of it is stored, and the next one will make it.</param>
/// <param name="ShortId">Such as <c>SHOP-12</c>; null likewise.</param>
public sealed record PartedIssue(Guid? IssueId, string? ShortId);

internal sealed class UnmergeHashesHandler(ErrorHubDbContext db, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<UnmergeHashes, ChangeResult<PartedIssue>>
{
    public async Task<ChangeResult<PartedIssue>> Handle(UnmergeHashes request, CancellationToken cancellationToken)
    {
        var project = await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken);
        if (project is null)
            return ChangeResult<PartedIssue>.NotFound();

        var hashes = await db.IssueHashesAsync(project.Id, request.IssueId, cancellationToken);
        var named = request.Hashes.Select(h => h.ToLowerInvariant()).ToHashSet();
        var leaving = hashes.FindAll(h => named.Contains(Convert.ToHexStringLower(h.Hash)));
        if (named.Count == 0 || leaving.Count < named.Count)
            return ChangeResult<PartedIssue>.Invalid("Name hashes of this issue.");

        if (leaving.Count == hashes.Count)
            return ChangeResult<PartedIssue>.Invalid("At least one hash must stay in the issue.");

        return await new HashParting(db, journals.FirstOrDefault(), time).PartAsync(
            request.Scope.Actor, project, request.IssueId, hashes, leaving,
            ("issue.unmerged", leaving.Count == 1 ? "1 hash" : $"{leaving.Count} hashes"), request.Home, cancellationToken);
    }
}
