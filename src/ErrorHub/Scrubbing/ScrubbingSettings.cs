using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace ErrorHub.Scrubbing;

/// <summary>How a project's events are scrubbed, as its owner chose it. The default is what every new project has.</summary>
/// <remarks>Checked by <see cref="ScrubbingPolicy.Check"/> and prepared by <see cref="ScrubbingPolicy.Of"/>; kept as JSON in the project's row.</remarks>
public sealed record ScrubbingSettings
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        // What a later version wrote and this one does not know must not be ignored: it may hold back more.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>What every project has that was never changed.</summary>
    public static ScrubbingSettings Default { get; } = new();

    /// <summary>Whose rules hold.</summary>
    public ScrubbingProfile Profile { get; init; }

    /// <summary>Names whose values go, in addition to those that always do.</summary>
    public IReadOnlyList<string> SensitiveKeys { get; init; } = [];

    /// <summary>Names whose values stay as sent; in the profile of Sentry selectors, too.</summary>
    public IReadOnlyList<string> SafeKeys { get; init; } = [];

    /// <summary>Patterns of what else goes.</summary>
    public IReadOnlyList<OwnRule> Rules { get; init; } = [];

    /// <summary>What becomes of IP addresses.</summary>
    public AddressHandling IpAddresses { get; init; }

    /// <summary>What becomes of the source lines of frames.</summary>
    public PartHandling SourceLines { get; init; }

    /// <summary>What becomes of the local variables of frames.</summary>
    public PartHandling Variables { get; init; }

    /// <summary>What becomes of the bodies of requests and responses.</summary>
    public PartHandling Bodies { get; init; }

    /// <summary>False when Sentry's rules, and the names that go, are off. For the profile of Sentry alone.</summary>
    public bool DataScrubber { get; init; } = true;

    /// <summary>False when only the names that the owner gave go. For the profile of Sentry alone.</summary>
    public bool DataScrubberDefaults { get; init; } = true;

    /// <summary>A configuration of Relay as JSON; null for none. For the profile of Sentry alone.</summary>
    public string? PiiConfig { get; init; }

    /// <summary>As kept: what differs from the default, so that an older process reads what a newer one wrote unless it matters; null for nothing.</summary>
    public string? ToJson()
    {
        var kept = JsonSerializer.SerializeToNode(this, Options)!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(Default, Options)!.AsObject())
            if (JsonNode.DeepEquals(kept[name], value))
                kept.Remove(name);

        return kept.Count == 0 ? null : kept.ToJsonString(Options);
    }

    /// <summary>Without blank keys and rules, which a list in a form has.</summary>
    public ScrubbingSettings Tidy() => this with
    {
        SensitiveKeys = [.. SensitiveKeys.Where(k => !string.IsNullOrWhiteSpace(k)).Select(k => k.Trim())],
        SafeKeys = [.. SafeKeys.Where(k => !string.IsNullOrWhiteSpace(k)).Select(k => k.Trim())],
        Rules = [.. Rules.Where(r => !r.IsBlank)],
        PiiConfig = string.IsNullOrWhiteSpace(PiiConfig) ? null : PiiConfig,
    };

    /// <summary>Every setting, those included that are as by default.</summary>
    public string ToFullJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>From what was kept; null is the default.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public static ScrubbingSettings Parse(string? json)
    {
        if (json is null)
            return Default;

        // Annotations do not speak of what stands in a list.
        return JsonSerializer.Deserialize<ScrubbingSettings>(json, Options) is { } settings
            && settings.SensitiveKeys.All(k => k is not null) && settings.SafeKeys.All(k => k is not null) && settings.Rules.All(r => r is not null)
            ? settings
            : throw new JsonException("The scrubbing settings have a null where a value belongs.");
    }
}

/// <summary>Whose rules hold.</summary>
public enum ScrubbingProfile
{
    /// <summary>Ours.</summary>
    Strict,

    /// <summary>Those of Sentry's Relay, with its gaps.</summary>
    SentryCompat,
}

/// <summary>A pattern of something that goes, wherever it stands.</summary>
/// <param name="Name">Stands in brackets in its place: lower-case letters, digits and dashes.</param>
/// <param name="Pattern">A regular expression that can be matched in linear time. A group named <c>secret</c> is what goes, else all of it.</param>
public sealed record OwnRule(string Name, string Pattern)
{
    internal bool IsBlank => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Pattern);
}

/// <summary>What becomes of IP addresses.</summary>
public enum AddressHandling
{
    /// <summary>They go.</summary>
    Remove,

    /// <summary>The network stays: 24 bits of IPv4, 48 of IPv6.</summary>
    Truncate,

    /// <summary>They stay.</summary>
    Keep,
}

/// <summary>What becomes of a part of an event that is seldom needed and often tells much.</summary>
public enum PartHandling
{
    /// <summary>It is scrubbed like everything else.</summary>
    Keep,

    /// <summary>Its shape stays: names, kinds and about how long; no value does.</summary>
    Mask,

    /// <summary>It goes.</summary>
    Drop,
}

/// <summary>What is wrong with a setting.</summary>
/// <param name="Field">The setting, as it is called in JSON: <c>sensitiveKeys</c>.</param>
/// <param name="Line">Which of its lines, from 1; 0 when it is not one line.</param>
/// <param name="Text">What is wrong and what to do, for people.</param>
public sealed record SettingProblem(string Field, int Line, string Text)
{
    /// <summary><c>sensitiveKeys, line 2: …</c>.</summary>
    public override string ToString() => Line == 0 ? $"{Field}: {Text}" : $"{Field}, line {Line}: {Text}";
}
