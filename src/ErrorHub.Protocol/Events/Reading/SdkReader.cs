using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads who sent the event.</summary>
internal static class SdkReader
{
    // {"name":"sentry.cocoa","version":"8.0.0","integrations":["Crash",null],"packages":{"name":"cocoapods:sentry","version":"8.0.0"}}
    internal static SentrySdk? Read(JsonElement value, ValueReader values)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            if (!ValueReader.IsAbsent(value))
                values.Refuse("sdk", value);

            return null;
        }

        string? name = null, version = null;
        JsonElement? integrations = null, packages = null, settings = null;
        foreach (var property in value.EnumerateObject())
            switch (property.Name)
            {
                case "name": name = values.Name(property.Value, "sdk.name", 128); break;
                case "version": version = values.Name(property.Value, "sdk.version", 128); break;
                case "integrations": integrations = ReadList(property.Value, "sdk.integrations", values); break;
                case "settings": settings = values.Object(property.Value, "sdk.settings", JsonBudget.Small); break;
                case "packages": packages = ReadList(property.Value, "sdk.packages", values); break;
            }

        return name is null && version is null && integrations is null && packages is null && settings is null
            ? null
            : new SentrySdk(name, version) { Integrations = integrations, Packages = packages, Settings = settings };
    }

    /// <summary>A list again, without its nulls; cocoapods sends a single object.</summary>
    private static JsonElement? ReadList(JsonElement value, string attribute, ValueReader values)
    {
        var items = values.List(value, attribute);
        return items.Count == 0 ? null : FreeFormJson.Keep(FreeFormJson.ListOf(items), JsonBudget.Large);
    }
}
