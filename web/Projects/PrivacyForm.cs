using ErrorHub.Scrubbing;

namespace ErrorHub.Web.Projects;

/// <summary>The settings of scrubbing as a form has them: lists as lines.</summary>
internal sealed class PrivacyForm
{
    public string? SensitiveKeys { get; set; }

    public string? SafeKeys { get; set; }

    public AddressHandling IpAddresses { get; set; }

    public PartHandling SourceLines { get; set; }

    public PartHandling Variables { get; set; }

    public PartHandling Bodies { get; set; }

    public static PrivacyForm Of(ScrubbingSettings settings) => new()
    {
        SensitiveKeys = string.Join('\n', settings.SensitiveKeys),
        SafeKeys = string.Join('\n', settings.SafeKeys),
        IpAddresses = settings.IpAddresses,
        SourceLines = settings.SourceLines,
        Variables = settings.Variables,
        Bodies = settings.Bodies,
    };

    /// <summary>The settings that were typed, blank lines included, so that a problem names the line it is in.</summary>
    public ScrubbingSettings ToSettings() => new()
    {
        SensitiveKeys = Lines(SensitiveKeys),
        SafeKeys = Lines(SafeKeys),
        IpAddresses = IpAddresses,
        SourceLines = SourceLines,
        Variables = Variables,
        Bodies = Bodies,
    };

    private static string[] Lines(string? text) => [.. (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())];
}
