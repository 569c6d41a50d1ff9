using System.Security.Cryptography;
using System.Text;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing.Compat;
using ErrorHub.Scrubbing.Detectors;

namespace ErrorHub.Scrubbing;

/// <summary>A project's settings prepared for scrubbing: immutable, made once and used by all threads for all of its events.</summary>
public sealed class ScrubbingPolicy
{
    /// <summary>Most keys of each kind.</summary>
    public const int MaxKeys = 200;

    /// <summary>Most rules of a project.</summary>
    public const int MaxRules = 50;

    private const string StrictVersion = "strict-2";
    private const string CompatVersion = "sentry-compat-1";
    private const string NeedsCompat = "The profile strict has no such setting; choose sentry-compat, too.";
    private const int MaxKeyLength = 128;

    /// <summary>The policy of projects that have no settings, and of those whose settings cannot be read.</summary>
    public static ScrubbingPolicy Strict { get; } = new(ScrubbingSettings.Default);

    private ScrubbingPolicy(ScrubbingSettings settings)
    {
        Settings = settings;
        Version = VersionOf(settings);
        Names = settings.ToJson() is null ? KeyNames.BuiltIn : new KeyNames(settings);
        Compat = settings.Profile == ScrubbingProfile.SentryCompat ? CompatOf(settings) : null;
        Clean = new ScrubbingReceipt(Version, []);
    }

    /// <summary>Name and version of the rules, and a hash of the settings when there are any: <c>strict-2+3f9a0c12</c>.</summary>
    public string Version { get; }

    /// <summary>The rules that may remove something, under the names that stand in receipts.</summary>
    internal IEnumerable<string> RuleNames
    {
        get
        {
            IEnumerable<string> names = Compat is { } configs
                ? configs.SelectMany(c => c.Applications).Select(a => a.Rule.Name)
                : [.. TextScrubber.RuleNames.Where(rule => rule != "ip" || Settings.IpAddresses != AddressHandling.Keep), KeyName.Rule, "cookie", "name"];
            return names.Concat(Settings.Rules.Select(rule => rule.Name)).Concat(PartScrubber.RuleNames(Settings)).Distinct();
        }
    }

    internal ScrubbingSettings Settings { get; }

    internal KeyNames Names { get; }

    internal TextRules Rules => Names.Rules;

    /// <summary>What holds in the profile of Sentry, the first before the second; null in our own.</summary>
    internal IReadOnlyList<PiiConfig>? Compat { get; }

    /// <summary>True when some part of events is masked or dropped.</summary>
    internal bool HasParts =>
        Settings.SourceLines != PartHandling.Keep || Settings.Variables != PartHandling.Keep || Settings.Bodies != PartHandling.Keep;

    /// <summary>The receipt of an event that held nothing.</summary>
    internal ScrubbingReceipt Clean { get; }

    /// <summary>Prepares settings that have no problem.</summary>
    public static ScrubbingPolicy Of(ScrubbingSettings settings)
    {
        settings = settings.Tidy();
        if (Check(settings) is [var problem, ..])
            throw new ArgumentException(problem.ToString(), nameof(settings));

        return settings.ToJson() is null ? Strict : new ScrubbingPolicy(settings);
    }

    /// <summary>What is wrong with settings; nothing when they can be used.</summary>
    public static IReadOnlyList<SettingProblem> Check(ScrubbingSettings settings) =>
        [
            .. CheckKeys("sensitiveKeys", settings.SensitiveKeys),
            .. CheckKeys("safeKeys", settings.SafeKeys),
            .. CheckRules(settings),
            .. settings.Profile == ScrubbingProfile.SentryCompat ? CheckCompat(settings) : CheckStrict(settings),
        ];

    private static IEnumerable<SettingProblem> CheckStrict(ScrubbingSettings settings)
    {
        if (!settings.DataScrubber)
            yield return new SettingProblem("dataScrubber", 0, NeedsCompat);
        if (!settings.DataScrubberDefaults)
            yield return new SettingProblem("dataScrubberDefaults", 0, NeedsCompat);
        if (!string.IsNullOrWhiteSpace(settings.PiiConfig))
            yield return new SettingProblem("piiConfig", 0, NeedsCompat);
    }

    private static IEnumerable<SettingProblem> CheckCompat(ScrubbingSettings settings) =>
        PiiConfigReader.Read(settings.PiiConfig ?? "").Problems.Select(p => new SettingProblem("piiConfig", 0, p));

    private static IEnumerable<SettingProblem> CheckRules(ScrubbingSettings settings)
    {
        if (settings.Rules.Count > MaxRules)
            yield return new SettingProblem("rules", 0, $"There are {settings.Rules.Count} rules; at most {MaxRules} can be given.");

        HashSet<string> names = [];
        for (var i = 0; i < settings.Rules.Count; i++)
            if (!settings.Rules[i].IsBlank && OwnPattern.ProblemOf(settings.Rules[i], names) is { } problem)
                yield return new SettingProblem("rules", i + 1, problem);
    }

    // The owner's rules are for all places, so they come first and ask for no selector.
    private static PiiConfig[] CompatOf(ScrubbingSettings settings)
    {
        var own = settings.Rules.Select(OwnPattern.RuleOf).Select(rule => new PiiApplication(Selector.Texts, rule)).ToList();
        return [new PiiConfig(own, []), PiiConfigReader.Read(settings.PiiConfig ?? "").Config, DataScrubberConfig.Of(settings)];
    }

    private static IEnumerable<SettingProblem> CheckKeys(string field, IReadOnlyList<string> keys)
    {
        if (keys.Count > MaxKeys)
            yield return new SettingProblem(field, 0, $"There are {keys.Count} keys; at most {MaxKeys} can be given.");

        for (var i = 0; i < keys.Count; i++)
            if (keys[i].Length > MaxKeyLength)
                yield return new SettingProblem(field, i + 1, $"The key has more than {MaxKeyLength} characters.");
            else if (!string.IsNullOrWhiteSpace(keys[i]) && KeyNames.Flatten(keys[i]).Length == 0)
                // It would be in every name.
                yield return new SettingProblem(field, i + 1, "The key has no letter and no digit.");
    }

    private static string VersionOf(ScrubbingSettings settings) =>
        settings.ToJson() is { } json ? $"{(settings.Profile == ScrubbingProfile.Strict ? StrictVersion : CompatVersion)}+{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 4))}" : StrictVersion;
}
