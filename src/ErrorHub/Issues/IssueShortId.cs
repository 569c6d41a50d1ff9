using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ErrorHub.Issues;

/// <summary>The name people use for an issue: <c>SHOP-12</c> is issue 12 of the project <c>shop</c>.</summary>
public static class IssueShortId
{
    /// <summary>The short id.</summary>
    public static string Of(string projectSlug, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{projectSlug.ToUpperInvariant()}-{number}");

    /// <summary>Reads a short id in any case; slugs may hold dashes themselves.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? projectSlug, out long number)
    {
        projectSlug = null;
        number = 0;
        var dash = text.LastIndexOf('-');
        if (dash < 1 || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;

        projectSlug = text[..dash].ToLowerInvariant();
        return true;
    }
}
