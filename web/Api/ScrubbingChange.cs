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

        if (scrubber == false || defaults == false)
        {
            problem = $"{(scrubber == false ? "dataScrubber" : "dataScrubberDefaults")}: scrubbing cannot be switched off.";
            return false;
        }

        changed = current with
        {
            SensitiveKeys = sensitive ?? current.SensitiveKeys,
            SafeKeys = safe ?? current.SafeKeys,
            IpAddresses = addresses switch
            {
                true => AddressHandling.Remove,
                // A truncated address is one that is not scrubbed, to those who know no third way.
                false when current.IpAddresses == AddressHandling.Remove => AddressHandling.Keep,
                _ => current.IpAddresses,
            },
        };
        return !body.TryGetObject("errorhub", out var ours, out problem) ? false
            : ours is null || !ours.Has("scrubbing") || TryMerge(ours, ref changed, out problem);
    }

    private static bool TryMerge(ApiBody ours, ref ScrubbingSettings settings, out string? problem)
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
            problem = $"errorhub.scrubbing{e.Path?.TrimStart('$')}: there is no such setting, or it has no such value.";
            return false;
        }
    }
}
