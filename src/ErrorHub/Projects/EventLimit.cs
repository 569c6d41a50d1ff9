namespace ErrorHub.Projects;

/// <summary>At most <paramref name="Count"/> events in each window of <paramref name="WindowSeconds"/> seconds.</summary>
/// <param name="WindowSeconds">Seconds, 1 to 86,400.</param>
/// <param name="Count">Events, at least 1.</param>
public sealed record EventLimit(int WindowSeconds, int Count)
{
    /// <summary>The limit of two columns; null when either is.</summary>
    internal static EventLimit? Of(int? windowSeconds, int? count) =>
        (windowSeconds, count) is ({ } window, { } events) ? new EventLimit(window, events) : null;

    internal string? Problem => this switch
    {
        { WindowSeconds: < 1 or > 86_400 } => "The window of a rate limit must be 1 to 86,400 seconds.",
        { Count: < 1 } => "A rate limit must allow at least 1 event; disable the key to refuse all.",
        _ => null,
    };
}
