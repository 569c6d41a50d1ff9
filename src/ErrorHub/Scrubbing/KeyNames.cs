using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ErrorHub.Scrubbing;

/// <summary>The names of keys as a project sees them: by <see cref="KeyRules"/>, and by what its owner added.</summary>
/// <remarks>Names repeat: those met last are remembered, by their bytes too, and need not become a string (benchmark scrub/cost).</remarks>
internal sealed class KeyNames
{
    private const int Slots = 2 * 1024;
    private const int OwnSlots = 256;
    private const int MaxName = 96;

    // A shorter one stands in too many names by chance.
    private const int ShortestPart = 3;

    // Not those in which something was found.
    private readonly Known?[] _byBytes;
    private readonly KeyName?[] _byText;
    private readonly SearchValues<string>? _parts;
    private readonly string[] _replacements;
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);
    private readonly HashSet<string> _safe = new(StringComparer.Ordinal);

    internal KeyNames(ScrubbingSettings settings)
    {
        HasOwn = settings.SensitiveKeys.Count + settings.SafeKeys.Count > 0;
        Rules = TextRules.Of(settings, this);
        _byBytes = new Known?[settings.ToJson() is not null ? OwnSlots : Slots];
        _byText = new KeyName?[_byBytes.Length];
        var keys = settings.SensitiveKeys.Select(Flatten).ToList();
        _whole.UnionWith(keys);
        // A selector such as ** has no letter.
        _safe.UnionWith(settings.SafeKeys.Select(Flatten).Where(key => key.Length > 0));
        _replacements = [.. settings.Rules.Select(rule => $"[{rule.Name}]")];
        if (keys.Where(k => k.Length >= ShortestPart).ToArray() is { Length: > 0 } parts)
            _parts = SearchValues.Create(parts, StringComparison.Ordinal);
    }

    /// <summary>The names of all projects that have no keys of their own.</summary>
    internal static KeyNames BuiltIn { get; } = new(ScrubbingSettings.Default);

    /// <summary>What the names themselves are searched for.</summary>
    internal TextRules Rules { get; }

    /// <summary>True when the owner gave keys.</summary>
    internal bool HasOwn { get; }

    /// <summary>A name without case, separators and disguise: <c>Pass_Word</c> is <c>password</c>.</summary>
    internal static string Flatten(string name) =>
        string.Concat(name.Select(Folding.FoldLetter).Where(c => char.IsLetterOrDigit(c) && !Folding.IsInvisible(c)));

    /// <summary>Whether the value of a name must go, and how sure that is.</summary>
    internal KeyStrength StrengthOf(ReadOnlySpan<char> name) =>
        HasOwn && name.Length is > 0 and <= MaxName && OwnStrengthOf(name.ToString()) is { } own ? own : KeyRules.StrengthOf(name);

    /// <summary>What the owner's keys say of a name; null when they say nothing.</summary>
    internal KeyStrength? OwnStrengthOf(string name)
    {
        if (!HasOwn || TextScrubber.HasPlaceholder(name) || _replacements.Any(replacement => name.Contains(replacement, StringComparison.Ordinal)))
            return null;

        var flat = Flatten(name);
        return _safe.Contains(flat) ? KeyStrength.None : _whole.Contains(flat) || (_parts is not null && flat.AsSpan().ContainsAny(_parts)) ? KeyStrength.Strong : null;
    }

    /// <summary>True when the owner wants the value of this name as sent.</summary>
    internal bool IsKept(string name) => _safe.Count > 0 && _safe.Contains(Flatten(name));

    /// <summary>A place without what is found in the keys that it names.</summary>
    internal string ScrubPath(string path)
    {
        var steps = path.Split('.');
        var scrubbed = Array.ConvertAll(steps, step => Of(step).Scrubbed);
        return steps.AsSpan().SequenceEqual(scrubbed) ? path : string.Join('.', scrubbed);
    }

    /// <summary>A key that is a string already.</summary>
    internal KeyName Of(string text)
    {
        if (text.Length > MaxName)
            return new KeyName(text, this);

        ref var slot = ref _byText[NameHash.Of(MemoryMarshal.AsBytes(text.AsSpan())) & (uint)(_byText.Length - 1)];
        if (slot is { } known && known.Text == text)
            return known;

        var name = new KeyName(text, this);
        if (name.IsClean)
            slot = name;

        return name;
    }

    /// <summary>The key of a property.</summary>
    /// <exception cref="InvalidOperationException">It has an escaped half of a surrogate pair.</exception>
    internal KeyName Of(JsonProperty property)
    {
        var utf8 = JsonMarshal.GetRawUtf8PropertyName(property);
        if (utf8.Length > MaxName || utf8.Contains((byte)'\\'))
            return new KeyName(property.Name, this);

        ref var slot = ref _byBytes[NameHash.Of(utf8) & (uint)(_byBytes.Length - 1)];
        if (slot is { } known && utf8.SequenceEqual(known.Utf8))
            return known.Name;

        var name = new KeyName(property.Name, this);
        if (name.IsClean)
            slot = new Known(utf8.ToArray(), name);

        return name;
    }

    /// <summary>Immutable, so that threads may race for a slot.</summary>
    private sealed record Known(byte[] Utf8, KeyName Name);
}
