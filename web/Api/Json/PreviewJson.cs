using System.Text.Json;
using ErrorHub.Projects;

namespace ErrorHub.Web.Api;

/// <summary>What to preview.</summary>
/// <param name="Event">The event as an SDK sends it; left out for the newest that is stored.</param>
/// <param name="Scrubbing">Settings that are not saved; those left out are as they are in force.</param>
internal sealed record PreviewRequestJson(JsonElement? Event, JsonElement? Scrubbing);

/// <summary>What would be stored of an event.</summary>
/// <param name="Policy">Name and version of the rules.</param>
/// <param name="Stored">The event.</param>
/// <param name="Changes">Where it differs from what was sent.</param>
/// <param name="Scrubbed">The receipt.</param>
/// <param name="Meta">Remarks in Relay's form.</param>
internal sealed record PreviewJson(
    string Policy, JsonElement Stored, IReadOnlyList<ChangeJson> Changes, IReadOnlyList<ScrubbedJson> Scrubbed, JsonElement? Meta)
{
    public static PreviewJson Of(ScrubbingPreview preview) => new(
        preview.Policy, preview.Stored, [.. preview.Changes.Select(c => new ChangeJson(c.Path, c.Before, c.After))], ScrubbedJson.Of(preview.Receipt), preview.Meta);
}

internal sealed record ChangeJson(string Path, JsonElement? Before, JsonElement? After);
