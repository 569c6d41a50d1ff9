using ErrorHub.Scrubbing;

namespace ErrorHub.Web.Projects;

/// <summary>Which of Sentry's rules hold, in the profile of Sentry: two switches there.</summary>
internal enum SentryRules
{
    /// <summary>All.</summary>
    All,

    /// <summary>The names that the owner gave.</summary>
    OwnNames,

    /// <summary>None, but for addresses and what the configuration says.</summary>
    None,
}

/// <summary>The settings of scrubbing as a form has them: lists as lines.</summary>
internal sealed class PrivacyForm
{
    public ScrubbingProfile Profile { get; set; }

    public string? SensitiveKeys { get; set; }

    public string? SafeKeys { get; set; }

    public string? Rules { get; set; }

    public AddressHandling IpAddresses { get; set; }

    public PartHandling SourceLines { get; set; }

    public PartHandling Variables { get; set; }

    public PartHandling Bodies { get; set; }

    public SentryRules SentryRules { get; set; }

    public string? PiiConfig { get; set; }

    /// <summary>The event to preview.</summary>
    public string? Event { get; set; }

    public static PrivacyForm Of(ScrubbingSettings settings, string? e = null) => new()
    {
        Event = e,
        Profile = settings.Profile,
        SensitiveKeys = string.Join('\n', settings.SensitiveKeys),
        SafeKeys = string.Join('\n', settings.SafeKeys),
        Rules = string.Join('\n', settings.Rules.Select(rule => $"{rule.Name}: {rule.Pattern}")),
        IpAddresses = settings.IpAddresses,
        SourceLines = settings.SourceLines,
        Variables = settings.Variables,
        Bodies = settings.Bodies,
        SentryRules = !settings.DataScrubber ? SentryRules.None : settings.DataScrubberDefaults ? SentryRules.All : SentryRules.OwnNames,
        PiiConfig = settings.PiiConfig,
    };

    /// <summary>The settings that were typed, blank lines included, so that a problem names the line it is in.</summary>
    public ScrubbingSettings ToSettings() => new()
    {
        Profile = Profile,
        SensitiveKeys = Lines(SensitiveKeys),
        SafeKeys = Lines(SafeKeys),
        Rules = [.. Lines(Rules).Select(RuleOf)],
        IpAddresses = IpAddresses,
        SourceLines = SourceLines,
        Variables = Variables,
        Bodies = Bodies,
        DataScrubber = SentryRules != SentryRules.None,
        DataScrubberDefaults = SentryRules != SentryRules.OwnNames,
        PiiConfig = PiiConfig,
    };

    // "name: pattern". A line without a name is one with a problem.
    private static OwnRule RuleOf(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new OwnRule("", line) : new OwnRule(line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    private static string[] Lines(string? text) => [.. (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())];
}
