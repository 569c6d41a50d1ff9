using System.Text.Json;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;

namespace ErrorHub.Web.Api;

/// <summary>One project with its settings, as Sentry names them. <c>errorhub.scrubbing</c> has all of ours.</summary>
internal sealed record ProjectDetailsJson : ProjectJson
{
    public ProjectDetailsJson(ProjectJson project, ProjectScrubbing scrubbing)
        : base(project)
    {
        DataScrubber = scrubbing.Settings.DataScrubber;
        DataScrubberDefaults = scrubbing.Settings.DataScrubberDefaults;
        RelayPiiConfig = scrubbing.Settings.PiiConfig ?? "";
        SensitiveFields = scrubbing.Settings.SensitiveKeys;
        SafeFields = scrubbing.Settings.SafeKeys;
        ScrubIPAddresses = scrubbing.Settings.IpAddresses == AddressHandling.Remove;
        using var settings = JsonDocument.Parse(scrubbing.Settings.ToFullJson());
        Errorhub = new ErrorhubProjectJson(settings.RootElement.Clone(), scrubbing.IsUnreadable);
    }

    public bool DataScrubber { get; }

    public bool DataScrubberDefaults { get; }

    /// <summary>JSON in a text, as Sentry has it.</summary>
    public string RelayPiiConfig { get; }

    public IReadOnlyList<string> SensitiveFields { get; }

    public IReadOnlyList<string> SafeFields { get; }

    public bool ScrubIPAddresses { get; }

    public ErrorhubProjectJson Errorhub { get; }
}

/// <summary>What Sentry has no word for.</summary>
/// <param name="Scrubbing">The settings of scrubbing (docs/scrubbing.md).</param>
/// <param name="ScrubbingIsUnreadable">True when what was saved cannot be used and the default is in force instead.</param>
internal sealed record ErrorhubProjectJson(JsonElement Scrubbing, bool ScrubbingIsUnreadable);

/// <summary>What can be changed of a project; what is left out stays.</summary>
internal sealed record ProjectChangeJson(
    string? Name, string? Platform, bool? DataScrubber, bool? DataScrubberDefaults, IReadOnlyList<string>? SensitiveFields,
    IReadOnlyList<string>? SafeFields, bool? ScrubIPAddresses, string? RelayPiiConfig, ErrorhubChangeJson? Errorhub);

internal sealed record ErrorhubChangeJson(JsonElement? Scrubbing);
