namespace ErrorHub.Scrubbing;

/// <summary>A key of JSON and all that is decided by it alone.</summary>
internal sealed class KeyName
{
    /// <summary>The rule by which a value goes because of its key.</summary>
    internal const string Rule = "sensitive-key";

    private const int ShortestFinding = 6;

    internal KeyName(string text, KeyNames names)
    {
        Text = text;
        IsKept = names.IsKept(text);
        Strength = names.StrengthOf(text);
        Place = text is "release" or "dist" ? TextPlace.Name : KeyRules.IsSafe(text) ? TextPlace.Path : null;
        IsOfVersions = text is "runtime" or "os" or "browser" or "packages";
        Scrubbed = text.Length < ShortestFinding ? text : TextScrubber.Scrub(text, TextPlace.Prose, names.Rules, null);
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
}
