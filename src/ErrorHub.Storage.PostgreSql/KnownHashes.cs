using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>
/// Issues of hashes, as far as this process has seen. An issue may have been deleted or merged since: whoever relies on this must find
/// out later, as <see cref="CountJournal"/> does.
/// </summary>
public sealed class KnownHashes
{
    // About 12 MB. Forgetting all of them costs locks that were not needed, once.
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<FingerprintKey, Guid> _issues = new();

    /// <summary>Projects in which some of the hashes may be new.</summary>
    internal IReadOnlySet<long> ProjectsOfUnknown(IEnumerable<FingerprintKey> keys) =>
        keys.Where(key => !_issues.ContainsKey(key)).Select(key => key.ProjectId).ToHashSet();

    /// <summary>The issue of each hash; false when not all are known.</summary>
    internal bool TryFind(IReadOnlyList<FingerprintKey> keys, [NotNullWhen(true)] out Dictionary<FingerprintKey, Guid>? issues)
    {
        issues = new Dictionary<FingerprintKey, Guid>(keys.Count);
        foreach (var key in keys)
        {
            if (!_issues.TryGetValue(key, out var issue))
            {
                issues = null;
                return false;
            }

            issues.Add(key, issue);
        }

        return true;
    }

    /// <summary>Remembers hashes.</summary>
    internal void Add(IEnumerable<KeyValuePair<FingerprintKey, KnownIssue>> issues)
    {
        if (_issues.Count > Most)
            _issues.Clear();

        foreach (var (key, issue) in issues)
            _issues[key] = issue.Id;
    }

    /// <summary>Forgets all, after one turned out to be gone.</summary>
    internal void Forget() => _issues.Clear();
}
