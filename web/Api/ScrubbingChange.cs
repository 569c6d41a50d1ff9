using System.Text.Json;
using System.Text.Json.Nodes;
using ErrorHub.Scrubbing;

namespace ErrorHub.Web.Api;

/// <summary>A project's settings of scrubbing with what a request changes of them: by Sentry's names, and by ours under <c>errorhub.scrubbing</c>, which win.</summary>
internal static class ScrubbingChange
{
    /// <summary>The settings after the change; the problem when the request has one.</summary>
    public static bool TryRead(ApiBody body, ScrubbingSettings current, out ScrubbingSettings changed, out string? problem)
    {
        changed = current;
        if (!body.TryGetFlag("dataScrubber", out var scrubber, out problem)
            || !body.TryGetFlag("dataScrubberDefaults", out var defaults, out problem)
            || !body.TryGetNames("sensitiveFields", out var sensitive, out problem)
            || !body.TryGetNames("safeFields", out var safe, out problem)
            || !body.TryGetFlag("scrubIPAddresses", out var addresses, out problem))
            return false;

        if (!body.TryGetJson("relayPiiConfig", out var piiConfig, out problem))
            return false;

        changed = current with
        {
            SensitiveKeys = sensitive ?? current.SensitiveKeys,
            SafeKeys = safe ?? current.SafeKeys,
            DataScrubber = scrubber ?? current.DataScrubber,
            DataScrubberDefaults = defaults ?? current.DataScrubberDefaults,
            PiiConfig = piiConfig ?? current.PiiConfig,
            IpAddresses = addresses switch
            {
                true => AddressHandling.Remove,
                // A truncated address is one that is not scrubbed, to those who know no third way.
                false when current.IpAddresses == AddressHandling.Remove => AddressHandling.Keep,
                _ => current.IpAddresses,
            },
        };
        return !body.TryGetObject("errorhub", out var ours, out problem) ? false
            : ours is null || !ours.Has("scrubbing") || TryMerge(ours, "errorhub.", ref changed, out problem);
    }

    /// <summary>Takes over what stands under <c>scrubbing</c>.</summary>
    /// <param name="ours">The object around it.</param>
    /// <param name="prefix">Where that stands, for the problem.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryMerge(ApiBody ours, string prefix, ref ScrubbingSettings settings, out string? problem)
    {
        if (!ours.TryGetObject("scrubbing", out var change, out problem))
            return false;
        if (change is null)
            return true;

        var merged = JsonNode.Parse(settings.ToFullJson())!.AsObject();
        foreach (var (name, value) in change.Properties)
            merged[name] = JsonNode.Parse(value.GetRawText());

        try
        {
            settings = ScrubbingSettings.Parse(merged.ToJsonString());
            return true;
        }
        catch (JsonException e)
        {
            problem = $"{prefix}scrubbing{e.Path?.TrimStart('$')}: there is no such setting, or it has no such value.";
            return false;
        }
    }
}
