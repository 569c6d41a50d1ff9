using System.Runtime.InteropServices;
using System.Text.Json;

namespace ErrorHub.Scrubbing;

/// <summary>A key of JSON and all that is decided by it alone.</summary>
internal sealed class KeyName
{
    /// <summary>The rule by which a value goes because of its key.</summary>
    internal const string Rule = "sensitive-key";

    private const int Slots = 2 * 1024;
    private const int MaxKnown = 96;
    private const int ShortestFinding = 6;

    // Keys repeat: those met last are remembered by their bytes, and need not become a string (benchmark scrub/cost).
    // Not those in which something was found.
    private static readonly Known?[] Cache = new Known?[Slots];

    private static readonly KeyName?[] ByText = new KeyName?[Slots];

    private KeyName(string text)
    {
        Text = text;
        Strength = KeyRules.StrengthOf(text);
        IsSafe = KeyRules.IsSafe(text);
        IsOfVersions = text is "runtime" or "os" or "browser" or "packages";
        Scrubbed = ScrubName(text);
    }

    /// <summary>The key.</summary>
    internal string Text { get; }

    /// <summary>The key without what was found in it: maps by e-mail address exist.</summary>
    internal string Scrubbed { get; }

    /// <summary>True when nothing was.</summary>
    internal bool IsClean => ReferenceEquals(Text, Scrubbed);

    /// <summary>How sure it is that the value is secret.</summary>
    internal KeyStrength Strength { get; }

    /// <summary>True when the value is an identifier or a version.</summary>
    internal bool IsSafe { get; }

    /// <summary>True when what stands below has versions in it.</summary>
    internal bool IsOfVersions { get; }

    /// <summary>A key that is a string already.</summary>
    internal static KeyName Of(string text)
    {
        if (text.Length > MaxKnown)
            return new KeyName(text);

        ref var slot = ref ByText[NameHash.Of(MemoryMarshal.AsBytes(text.AsSpan())) % Slots];
        if (slot is { } known && known.Text == text)
            return known;

        var name = new KeyName(text);
        if (name.IsClean)
            slot = name;

        return name;
    }

    /// <summary>The key of a property.</summary>
    /// <exception cref="InvalidOperationException">It has an escaped half of a surrogate pair.</exception>
    internal static KeyName Of(JsonProperty property)
    {
        var utf8 = JsonMarshal.GetRawUtf8PropertyName(property);
        if (utf8.Length > MaxKnown || utf8.Contains((byte)'\\'))
            return new KeyName(property.Name);

        ref var slot = ref Cache[NameHash.Of(utf8) % Slots];
        if (slot is { } known && utf8.SequenceEqual(known.Utf8))
            return known.Name;

        var name = new KeyName(property.Name);
        if (name.IsClean)
            slot = new Known(utf8.ToArray(), name);

        return name;
    }

    /// <summary>A name without what is found in it.</summary>
    internal static string ScrubName(string name) => name.Length < ShortestFinding ? name : TextScrubber.Scrub(name);

    /// <summary>Immutable, so that threads may race for a slot.</summary>
    private sealed record Known(byte[] Utf8, KeyName Name);
}
