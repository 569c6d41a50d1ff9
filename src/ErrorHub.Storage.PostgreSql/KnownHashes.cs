using System.Collections.Concurrent;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Hashes that have an issue, as far as this process has seen: only to guess which batches make new issues.</summary>
internal sealed class KnownHashes
{
    // About 10 MB. Forgetting all of them costs locks that were not needed, once.
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<FingerprintKey, bool> _known = new();

    /// <summary>Projects in which some of the hashes may be new.</summary>
    public IReadOnlySet<long> ProjectsOfUnknown(IEnumerable<FingerprintKey> keys) =>
        keys.Where(key => !_known.ContainsKey(key)).Select(key => key.ProjectId).ToHashSet();

    /// <summary>Remembers hashes.</summary>
    public void Add(IEnumerable<FingerprintKey> keys)
    {
        if (_known.Count > Most)
            _known.Clear();

        foreach (var key in keys)
            _known.TryAdd(key, true);
    }

    /// <summary>Forgets all, after one turned out to be gone.</summary>
    public void Forget() => _known.Clear();
}
