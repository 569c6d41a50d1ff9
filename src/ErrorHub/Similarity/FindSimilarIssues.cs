using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Similarity;

/// <summary>The issues whose stacks are most like an issue's, in all projects the caller sees; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Limit">Most issues, 1 to 50.</param>
public sealed record FindSimilarIssues(AccessScope Scope, Guid IssueId, int Limit) : IRequest<IReadOnlyList<SimilarIssue>?>
{
    /// <summary>Issues less alike than this are no result: they have little more in common than their framework.</summary>
    public const double LeastSimilarity = 0.5;
}

/// <summary>An issue like another.</summary>
/// <param name="Row">The issue.</param>
/// <param name="Similarity">From <see cref="FindSimilarIssues.LeastSimilarity"/> to 1, the same stack.</param>
public sealed record SimilarIssue(IssueRow Row, double Similarity);

internal sealed class FindSimilarIssuesHandler(ErrorHubDbContext db, StackCatalog catalog, TimeProvider time)
    : IRequestHandler<FindSimilarIssues, IReadOnlyList<SimilarIssue>?>
{
    // Of an issue that was merged from many.
    private const int MaxStacks = 10;

    // Several may be of one issue, or of none any more.
    private const int HashesPerStack = 100;

    public async Task<IReadOnlyList<SimilarIssue>?> Handle(FindSimilarIssues request, CancellationToken cancellationToken)
    {
        if (await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken) is not { Id: var own })
            return null;

        var stacks = await db.IssueFingerprints.Where(f => f.ProjectId == own && f.IssueId == request.IssueId)
            .Join(db.IssueStacks, f => new { f.ProjectId, f.Hash }, s => new { s.ProjectId, s.Hash }, (f, s) => s.Frames)
            .Take(MaxStacks)
            .ToListAsync(cancellationToken);
        stacks.RemoveAll(frames => frames.Length == 0);
        if (stacks.Count == 0)
            return [];

        var projects = await IssueRows.ProjectsAsync(db.Projects.VisibleTo(request.Scope), [], cancellationToken);
        var projectIds = projects.Keys.ToHashSet();
        await catalog.LoadAsync(db, cancellationToken);
        var found = stacks
            .SelectMany(frames => catalog.Find(StackPath.FromBytes(frames), projectIds, HashesPerStack))
            .Where(h => h.Similarity >= FindSimilarIssues.LeastSimilarity)
            .ToList();
        var best = await BestAsync(found, request.IssueId, cancellationToken);
        return await RowsAsync([.. best.OrderByDescending(b => b.Value).Take(Math.Clamp(request.Limit, 1, 50))], projects, cancellationToken);
    }

    /// <summary>How alike each issue is: as alike as the best of its hashes.</summary>
    private async Task<Dictionary<Guid, double>> BestAsync(List<SimilarHash> found, Guid self, CancellationToken cancellationToken)
    {
        Dictionary<Guid, double> best = [];
        foreach (var ofProject in found.GroupBy(h => h.ProjectId))
        {
            var hashes = ofProject.Select(h => h.Hash).ToList();
            var issues = await db.IssueFingerprints.AsNoTracking()
                .Where(f => f.ProjectId == ofProject.Key && hashes.Contains(f.Hash) && f.IssueId != self)
                .ToDictionaryAsync(f => Bytes16.Number(f.Hash), f => f.IssueId, cancellationToken);
            foreach (var hash in ofProject)
                if (issues.TryGetValue(Bytes16.Number(hash.Hash), out var issueId))
                    best[issueId] = Math.Max(best.GetValueOrDefault(issueId), hash.Similarity);
        }

        return best;
    }

    private async Task<IReadOnlyList<SimilarIssue>> RowsAsync(
        List<KeyValuePair<Guid, double>> best, Dictionary<long, ProjectName> projects, CancellationToken cancellationToken)
    {
        var ids = best.ConvertAll(b => b.Key);
        var issues = await db.Issues.AsNoTracking()
            .Where(i => projects.Keys.Contains(i.ProjectId) && ids.Contains(i.Id))
            .ToDictionaryAsync(i => i.Id, cancellationToken);
        var rows = await new IssueRows(db, time.GetUtcNow())
            .ReadAsync([.. ids.Where(issues.ContainsKey).Select(id => issues[id])], projects, null, null, cancellationToken);
        return [.. rows.Select(row => new SimilarIssue(row, best.Find(b => b.Key == row.Id).Value))];
    }
}
