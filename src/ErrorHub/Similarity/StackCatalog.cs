using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Similarity;

/// <summary>A hash whose stack is like the one looked for.</summary>
/// <param name="ProjectId">Its project.</param>
/// <param name="Hash">16 bytes.</param>
/// <param name="Similarity">See <see cref="SimilarStack.Similarity"/>.</param>
public readonly record struct SimilarHash(long ProjectId, byte[] Hash, double Similarity);

/// <summary>
/// The stacks of all issues in this process's memory: some 300 bytes each, taken only once somebody looks for similar ones. Safe for
/// several threads.
/// </summary>
public sealed class StackCatalog(TimeProvider time) : IDisposable
{
    // What this process keeps itself is known at once; what others do, after this.
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loading = new(1);
    private readonly SimilarStacks _stacks = new();
    private readonly List<(long ProjectId, UInt128 Hash)> _keys = [];
    private readonly HashSet<(long ProjectId, UInt128 Hash)> _known = [];
    private DateTimeOffset? _loadedAt;

    /// <summary>Takes up a stack that was kept just now; nothing before the first search, which reads them all.</summary>
    public void Add(RecordedStack stack)
    {
        lock (_lock)
        {
            if (_loadedAt is not null)
                Add(stack.ProjectId, stack.Hash, stack.Path);
        }
    }

    /// <summary>The hashes whose stacks are most like one, best first.</summary>
    /// <param name="path">The stack.</param>
    /// <param name="projectIds">Only of these projects.</param>
    /// <param name="take">Most results, at most 100.</param>
    public IReadOnlyList<SimilarHash> Find(StackPath path, IReadOnlySet<long> projectIds, int take)
    {
        lock (_lock)
        {
            return
            [
                .. _stacks.Find(path, take, number => projectIds.Contains(_keys[number].ProjectId))
                    .Select(s => new SimilarHash(_keys[s.Stack].ProjectId, Bytes16.Of(_keys[s.Stack].Hash), s.Similarity)),
            ];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();

    /// <summary>Reads the stacks that are not known yet.</summary>
    internal async Task LoadAsync(ErrorHubDbContext db, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_loadedAt is { } at && time.GetUtcNow() - at < Refresh)
                return;

            // The keys are a tenth of it: after the first time there is little to read besides.
            var missing = _loadedAt is null ? null : await MissingAsync(db, cancellationToken);
            foreach (var hashes in missing?.GroupBy(k => k.ProjectId) ?? [])
                await ReadAsync(db.IssueStacks.Where(s => s.ProjectId == hashes.Key && hashes.Select(k => k.Hash).Contains(s.Hash)), cancellationToken);

            if (missing is null)
                await ReadAsync(db.IssueStacks, cancellationToken);

            lock (_lock)
                _loadedAt = time.GetUtcNow();
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<List<(long ProjectId, byte[] Hash)>> MissingAsync(ErrorHubDbContext db, CancellationToken cancellationToken)
    {
        List<(long ProjectId, byte[] Hash)> missing = [];
        await foreach (var key in db.IssueStacks.Select(s => new { s.ProjectId, s.Hash }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            lock (_lock)
            {
                if (!_known.Contains((key.ProjectId, Bytes16.Number(key.Hash))))
                    missing.Add((key.ProjectId, key.Hash));
            }
        }

        return missing;
    }

    private async Task ReadAsync(IQueryable<IssueStack> stacks, CancellationToken cancellationToken)
    {
        await foreach (var stack in stacks.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            lock (_lock)
                Add(stack.ProjectId, stack.Hash, stack.Frames.Length == 0 ? null : StackPath.FromBytes(stack.Frames));
        }
    }

    private void Add(long projectId, byte[] hash, StackPath? path)
    {
        if (!_known.Add((projectId, Bytes16.Number(hash))) || path is null)
            return;

        _stacks.Add(path);
        _keys.Add((projectId, Bytes16.Number(hash)));
    }
}
