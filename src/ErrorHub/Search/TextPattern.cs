namespace ErrorHub.Search;

/// <summary>A text to compare with: whole, or open at either end where a <c>*</c> stood.</summary>
internal sealed record TextPattern(string Text, bool OpenStart, bool OpenEnd)
{
    /// <summary>True when the whole text must be equal, which the database can look up in an index.</summary>
    public bool IsExact => !OpenStart && !OpenEnd;

    /// <summary>True for <c>*</c> alone.</summary>
    public bool IsAnything => Text.Length == 0 && !IsExact;

    /// <summary>A value as written: a star at either end opens it, unless it is quoted.</summary>
    public static TextPattern Of(QueryWord word)
    {
        if (word.Quoted)
            return new TextPattern(word.Text, false, false);

        var start = word.Text.StartsWith('*');
        var end = word.Text.EndsWith('*');
        return new TextPattern(word.Text.Trim('*'), start, end);
    }

    /// <summary>The pattern for SQL's LIKE with <c>\</c> as the escape character.</summary>
    public string ToLike()
    {
        var escaped = Text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        return (OpenStart ? "%" : "") + escaped + (OpenEnd ? "%" : "");
    }
}
