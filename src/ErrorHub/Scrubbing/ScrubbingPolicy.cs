using System.Security.Cryptography;
using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>A project's settings prepared for scrubbing: immutable, made once and used by all threads for all of its events.</summary>
public sealed class ScrubbingPolicy
{
    /// <summary>Most keys of each kind.</summary>
    public const int MaxKeys = 200;

    private const string StrictVersion = "strict-1";
    private const int MaxKeyLength = 64;

    /// <summary>The policy of projects that have no settings, and of those whose settings cannot be read.</summary>
    public static ScrubbingPolicy Strict { get; } = new(ScrubbingSettings.Default);

    private ScrubbingPolicy(ScrubbingSettings settings)
    {
        Settings = settings;
        Version = VersionOf(settings);
        Names = settings.ToJson() is null ? KeyNames.BuiltIn : new KeyNames(settings);
        Clean = new ScrubbingReceipt(Version, []);
    }

    /// <summary>Name and version of the rules, and a hash of the settings when there are any: <c>strict-1+3f9a0c12</c>.</summary>
    public string Version { get; }

    internal ScrubbingSettings Settings { get; }

    internal KeyNames Names { get; }

    internal TextRules Rules => Names.Rules;

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
        [.. CheckKeys("sensitiveKeys", settings.SensitiveKeys), .. CheckKeys("safeKeys", settings.SafeKeys)];

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
        settings.ToJson() is { } json ? $"{StrictVersion}+{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 4))}" : StrictVersion;
}
