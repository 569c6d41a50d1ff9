using System.Text;

namespace ErrorHub.Projects;

/// <summary>What a slug may look like, and how a name becomes one.</summary>
public static class ProjectSlug
{
    private const int MaxLength = 50;

    /// <summary>The rule, for people.</summary>
    public const string Rule =
        "A slug has 1 to 50 lower-case letters, digits and dashes, starts and ends with a letter or digit, and is not only digits.";

    /// <summary>True when the text is a slug. One of digits only is not: the API takes a project's number in the same place.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && text[0] != '-' && text[^1] != '-'
        && !text.All(char.IsAsciiDigit);

    /// <summary>The slug nearest to a name: <c>Shop (EU) 2</c> becomes <c>shop-eu-2</c>; <c>project</c> when nothing is left.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (slug.Length == MaxLength)
                break;
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "project" : text.All(char.IsAsciiDigit) ? $"project-{text}" : text;
    }
}
