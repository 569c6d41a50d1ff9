using System.Text;

namespace ErrorHub.Scrubbing;

/// <summary>A key of JSON and all that is decided by it alone.</summary>
internal sealed class KeyName
{
    /// <summary>The rule by which a value goes because of its key.</summary>
    internal const string Rule = "sensitive-key";

    private const int ShortestFinding = 6;
    private const int LongestSpoken = 48;

    internal KeyName(string text, KeyNames names)
    {
        Text = text;
        IsKept = names.IsKept(text);
        Strength = names.StrengthOf(text);
        Place = KeyRules.PlaceOf(text);
        IsOfVersions = text is "runtime" or "os" or "browser" or "packages";
        Scrubbed = text.Length < ShortestFinding ? text : TextScrubber.Scrub(text, TextPlace.Prose, names.Rules, null);
        // "[phone]" as a key is what a number became.
        Spoken = Strength == KeyStrength.None && Place is null && !TextScrubber.HasPlaceholder(text) && text.Length <= LongestSpoken && Speak(text) is var words && TextScrubber.HasKeyword(words) ? words : null;
    }

    /// <summary>The key.</summary>
    internal string Text { get; }

    /// <summary>The key without what was found in it: maps by e-mail address exist.</summary>
    internal string Scrubbed { get; }

    /// <summary>True when nothing was.</summary>
    internal bool IsClean => ReferenceEquals(Text, Scrubbed);

    /// <summary>How sure it is that the value is secret.</summary>
    internal KeyStrength Strength { get; }

    /// <summary>How the value is read, an identifier or a version; null when like what it stands in.</summary>
    internal TextPlace? Place { get; }

    /// <summary>True when the project's owner wants the value as sent.</summary>
    internal bool IsKept { get; }

    /// <summary>True when what stands below has versions in it.</summary>
    internal bool IsOfVersions { get; }

    /// <summary>The key as prose has it, in words and as one, <c>numero dni numerodni </c>, when that makes a number behind it known; else null.</summary>
    internal string? Spoken { get; }

    private static string Speak(string key)
    {
        var words = new StringBuilder(key.Length + 8);
        for (var i = 0; i < key.Length; i++)
        {
            if (i > 0 && char.IsUpper(key[i]) && char.IsLower(key[i - 1]))
                words.Append(' ');

            words.Append(char.IsLetterOrDigit(key[i]) ? key[i] : ' ');
        }

        return words.Append(' ').Append(KeyNames.Flatten(key)).Append(' ').ToString();
    }
}
