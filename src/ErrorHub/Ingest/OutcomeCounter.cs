namespace ErrorHub.Ingest;

/// <summary>
/// Counts what became of items that end without a row of their own: refused, limited, unsupported, lost on the client. Kept in
/// memory and written with the next batch, at the latest after a second; a crash loses at most that second of counts.
/// </summary>
public sealed class OutcomeCounter(IngestMetrics metrics)
{
    // Client reports bring reasons and categories as free text. Without a cap one client could fill the table with inventions.
    private const int MaxKeysPerProjectHour = 500;
    private const int MaxReasonLength = 64;
    private const int MaxCategoryLength = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, long> _pending = [];
    private readonly Dictionary<(long ProjectId, DateTimeOffset Hour), HashSet<Key>> _seen = [];

    private readonly record struct Key(long ProjectId, DateTimeOffset Hour, Outcome Outcome, string Reason, string Category);

    /// <summary>Counts items of our own making of outcome.</summary>
    /// <param name="projectId">The project; 0 when none is known, which only the metrics count.</param>
    /// <param name="at">When they were received.</param>
    /// <param name="outcome">What became of them.</param>
    /// <param name="reason">Why.</param>
    /// <param name="category">Sentry's data category.</param>
    /// <param name="quantity">How many.</param>
    public void Add(long projectId, DateTimeOffset at, Outcome outcome, DiscardReason reason, string category, long quantity = 1)
    {
        metrics.Count(outcome, reason.ToName(), quantity);
        Add(new OutcomeCount(projectId, at, outcome, reason.ToName(), category, quantity));
    }

    /// <summary>Takes an item back that was counted before, because it became something else after all. Metrics cannot go back.</summary>
    public void TakeBack(long projectId, DateTimeOffset at, Outcome outcome, DiscardReason reason, string category) =>
        Add(new OutcomeCount(projectId, at, outcome, reason.ToName(), category, -1));

    /// <summary>Counts what a client says it dropped itself. Its words are cut and cleaned; negative quantities count nothing.</summary>
    public void AddClientDiscard(long projectId, DateTimeOffset at, string reason, string category, long quantity)
    {
        if (quantity <= 0)
            return;

        metrics.Count(Outcome.ClientDiscard, "client", quantity);
        Add(new OutcomeCount(
            projectId, at, Outcome.ClientDiscard, Clean(reason, MaxReasonLength), Clean(category, MaxCategoryLength), quantity));
    }

    /// <summary>True when something waits to be written.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
                return _pending.Count > 0;
        }
    }

    /// <summary>Takes everything counted so far. Whoever takes it either writes it or gives it back with <see cref="Restore"/>.</summary>
    public IReadOnlyList<OutcomeCount> Drain()
    {
        lock (_lock)
        {
            if (_pending.Count == 0)
                return [];

            var counts = _pending
                .Select(p => new OutcomeCount(p.Key.ProjectId, p.Key.Hour, p.Key.Outcome, p.Key.Reason, p.Key.Category, p.Value))
                .ToArray();
            _pending.Clear();
            return counts;
        }
    }

    /// <summary>Gives back counts that could not be written.</summary>
    public void Restore(IReadOnlyList<OutcomeCount> counts)
    {
        foreach (var count in counts)
            Add(count);
    }

    private void Add(OutcomeCount count)
    {
        if (count.ProjectId == 0 || count.Quantity == 0)
            return;

        var hour = new DateTimeOffset(count.At.UtcDateTime.Date.AddHours(count.At.UtcDateTime.Hour), TimeSpan.Zero);
        var key = new Key(count.ProjectId, hour, count.Outcome, count.Reason, count.Category);
        lock (_lock)
        {
            if (count.Outcome == Outcome.ClientDiscard && !IsWithinCap(key))
                key = key with { Reason = "other", Category = "default" };

            var sum = _pending.GetValueOrDefault(key);
            _pending[key] = count.Quantity > 0 && sum > long.MaxValue - count.Quantity ? long.MaxValue : sum + count.Quantity;
        }
    }

    private bool IsWithinCap(Key key)
    {
        if (!_seen.TryGetValue((key.ProjectId, key.Hour), out var seen))
        {
            // Late counts of an older hour may get a fresh cap; that is no way to grow the table without end.
            foreach (var old in _seen.Keys.Where(k => k.Hour < key.Hour).ToArray())
                _seen.Remove(old);

            _seen[(key.ProjectId, key.Hour)] = seen = [];
        }

        return seen.Contains(key) || (seen.Count < MaxKeysPerProjectHour && seen.Add(key));
    }

    // A NUL or a lone surrogate would fail the whole batch in PostgreSQL.
    private static string Clean(string text, int maxLength)
    {
        var cut = text.Length <= maxLength ? text : text[..maxLength];
        return string.Create(cut.Length, cut, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '_' or '-' or '.' or ':' or ' ' ? from[i] : '_';
        });
    }
}
