namespace ErrorHub.Normalization;

/// <summary>Cuts text for lists.</summary>
internal static class Shortening
{
    private const string Ellipsis = "...";

    /// <summary>The text, or its beginning with an ellipsis; never half a surrogate pair.</summary>
    internal static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;

        var end = limit - Ellipsis.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), Ellipsis);
    }

    /// <summary>The first line that says something.</summary>
    internal static string FirstLine(string? text) => text?.Trim().Split('\n', 2)[0].Trim() ?? "";
}
