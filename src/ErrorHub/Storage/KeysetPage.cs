namespace ErrorHub.Storage;

/// <summary>Cuts what a keyset query found, one row more than asked for, to a page with the way to its neighbours.</summary>
internal static class KeysetPage
{
    /// <summary>The page in the list's order, and the cursors of the pages before and after; null where there is none.</summary>
    /// <param name="found">At most <paramref name="limit"/> + 1 rows, nearest to the cursor first.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="cursor">Where the query began; null for the first page.</param>
    /// <param name="cursorOf">The cursor beside a row.</param>
    public static (IReadOnlyList<T> Page, string? Previous, string? Next) Cut<T>(
        List<T> found, int limit, PageCursor? cursor, Func<T, bool, PageCursor> cursorOf)
    {
        var more = found.Count > limit;
        if (more)
            found.RemoveAt(limit);

        var backwards = cursor is { Backwards: true };
        if (backwards)
            found.Reverse();

        if (found.Count == 0)
            return (found, null, null);

        // Whoever comes from a neighbour can go back to it; further on there is something only when there was a row too many.
        var hasPrevious = backwards ? more : cursor is not null;
        var hasNext = backwards || more;
        return (
            found,
            hasPrevious ? cursorOf(found[0], true).ToString() : null,
            hasNext ? cursorOf(found[^1], false).ToString() : null);
    }
}
