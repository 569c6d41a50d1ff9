namespace ErrorHub.Regrouping;

/// <summary>A stored event, and how other rules group it.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="IssueId">The issue that leads to.</param>
/// <param name="NewHash">The hash it gets; null when it stays as it is.</param>
/// <param name="EventId">The SDK's id.</param>
/// <param name="Title">Its title by the new rules.</param>
internal sealed record Regrouped(string Hash, Guid IssueId, string? NewHash, string EventId, string Title);

/// <summary>
/// Finds the least that must happen to issues so that events are grouped by other rules. What people merged stays merged: a hash is what
/// changes, and its issue stays with what keeps it, else goes where most of it goes.
/// </summary>
internal sealed class RegroupingPlanner
{
    private readonly IReadOnlyDictionary<string, Guid> _known;

    // What a new hash stands for: issues by their id, and parts of issues by the hash they get.
    private readonly SortedDictionary<string, SortedSet<string>> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _parents = [];

    private RegroupingPlanner(IReadOnlyDictionary<string, Guid> known) => _known = known;

    /// <summary>New hashes and what they are to lead to; those that lead to an issue already are not among them.</summary>
    internal List<NewHash> NewHashes { get; } = [];

    /// <summary>Issues and parts that become one.</summary>
    internal List<(List<Guid> Issues, List<string> Parts)> Merges { get; } = [];

    /// <summary>Parts that leave their issues: the hash they get, the first event of each, and how many there are.</summary>
    internal List<(string Part, Regrouped First, int Events)> Splits { get; } = [];

    /// <summary>Issues there were and will be.</summary>
    internal (int Before, int After) Issues { get; private set; }

    /// <param name="events">What was looked at.</param>
    /// <param name="known">Where new hashes lead already.</param>
    internal static RegroupingPlanner Plan(IReadOnlyList<Regrouped> events, IReadOnlyDictionary<string, Guid> known)
    {
        var plan = new RegroupingPlanner(known);
        foreach (var ofHash in events.GroupBy(e => e.Hash).OrderBy(g => g.Key, StringComparer.Ordinal))
            plan.Divide(ofHash.GroupBy(e => e.NewHash ?? "").OrderByDescending(g => g.Key.Length == 0).ThenByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal));

        plan.Conclude(events.Select(e => e.IssueId));
        return plan;
    }

    // What keeps its hash keeps the issue. When all of a hash changes, the issue goes where most of it goes; the rest leaves.
    private void Divide(IEnumerable<IGrouping<string, Regrouped>> ways)
    {
        foreach (var (index, way) in ways.Index())
        {
            if (way.Key.Length == 0)
                continue;

            var first = way.First();
            if (_known.TryGetValue(way.Key, out var known))
                Own(way.Key, NameOf(known));

            if (index == 0)
            {
                Own(way.Key, NameOf(first.IssueId));
            }
            else if (known != first.IssueId)
            {
                var part = Convert.ToHexStringLower(IssuePart.HashOf(first.Hash, way.Key));
                Splits.Add((part, first, way.Count()));
                Own(way.Key, part);
            }
        }
    }

    private void Conclude(IEnumerable<Guid> seen)
    {
        foreach (var (hash, owners) in _owners)
        {
            foreach (var owner in owners)
                Join(owners.Min!, owner);

            if (_known.ContainsKey(hash))
                continue;

            var issue = owners.Select(IssueOf).FirstOrDefault(id => id is not null);
            NewHashes.Add(new(hash, issue, issue is null ? owners.Min : null));
        }

        var all = seen.Select(NameOf).Concat(_owners.Values.SelectMany(o => o)).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var group in all.GroupBy(RootOf).Where(g => g.Count() > 1))
            Merges.Add(([.. group.Select(IssueOf).OfType<Guid>()], [.. group.Where(name => IssueOf(name) is null)]));

        Issues = (all.Count(name => IssueOf(name) is not null), all.Select(RootOf).Distinct().Count());
    }

    private static string NameOf(Guid issue) => issue.ToString("D");

    private static Guid? IssueOf(string name) => Guid.TryParseExact(name, "D", out var issue) ? issue : null;

    private void Own(string hash, string owner) => (_owners.TryGetValue(hash, out var owners) ? owners : _owners[hash] = new(StringComparer.Ordinal)).Add(owner);

    private string RootOf(string name)
    {
        while (_parents.TryGetValue(name, out var parent))
            name = parent;

        return name;
    }

    private void Join(string left, string right)
    {
        if (RootOf(left) is var root && RootOf(right) is var other && root != other)
            _parents[other] = root;
    }
}
