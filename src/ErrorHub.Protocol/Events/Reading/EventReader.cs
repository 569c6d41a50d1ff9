using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads the top level of an event; each part has a reader of its own.</summary>
internal static class EventReader
{
    private const int MaxFingerprintParts = 32;
    private const int MaxFingerprintPart = 1_024;

    internal static SentryEvent Read(JsonElement root)
    {
        var e = new SentryEvent();
        var values = new ValueReader(e.Errors);
        JsonElement message = default, logEntry = default, tags = default, checksum = default, site = default;
        var left = JsonBudget.Massive.Size;
        foreach (var property in root.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                // These depend on each other, so their order must not matter.
                case "message": message = value; break;
                case "logentry" or "sentry.interfaces.Message": logEntry = value; break;
                case "tags": tags = value; break;
                case "checksum": checksum = value; break;
                case "site": site = value; break;

                case "errors": ReadErrors(value, values); break;
                case "event_id": e.EventId = ReadId(value, values); break;
                case "timestamp": e.Timestamp = ReadTime(value, "timestamp", values); break;
                case "received": e.Received = ReadTime(value, "received", values); break;
                case "platform": e.Platform = values.Name(value, "platform", 64)?.ToLowerInvariant() ?? "other"; break;
                case "level": e.Level = ReadLevel(value, SentryLevel.Error, values); break;
                case "logger": e.Logger = ReadLogger(value, values); break;
                case "transaction": e.Transaction = values.Name(value, "transaction", 200); break;
                case "culprit": e.LegacyCulprit = values.Name(value, "culprit", 200); break;
                case "server_name": e.ServerName = values.Name(value, "server_name", 256); break;
                case "release": e.Release = NameReader.Release(value, values); break;
                case "dist": e.Dist = NameReader.Dist(value, values); break;
                case "environment": e.Environment = NameReader.Environment(value, values); break;
                case "type": e.Type = values.Name(value, "type", 64); break;
                case "fingerprint": e.Fingerprint = ReadFingerprint(value, values); break;
                case "user" or "sentry.interfaces.User": e.User = UserReader.Read(value, values); break;
                case "request" or "sentry.interfaces.Http": e.Request = RequestReader.Read(value, values); break;
                case "exception" or "sentry.interfaces.Exception": e.Exceptions = ExceptionReader.Read(value, values); break;
                case "stacktrace" or "sentry.interfaces.Stacktrace": e.StackTrace = StackTraceReader.Read(value, values); break;
                case "threads" or "sentry.interfaces.Threads": e.Threads = ThreadReader.Read(value, values); break;
                case "breadcrumbs" or "sentry.interfaces.Breadcrumbs": e.Breadcrumbs = BreadcrumbReader.Read(value, values); break;
                case "contexts" or "sentry.interfaces.Contexts": e.Contexts = ReadContexts(value, values); break;
                case "extra": e.Extra = values.Entries(value, "extra", JsonBudget.Larger, JsonBudget.Massive.Size); break;
                case "modules": e.Modules = ReadModules(value, values); break;
                case "errorhub": e.Receipt = ReceiptReader.Read(value); break;
                case "sdk": e.Sdk = SdkReader.Read(value, values); break;

                // Of no use for an error, or names of the old protocol without a meaning today.
                case "spans" or "measurements" or "breakdowns" or "start_timestamp" or "time_spent" or "project" or "key_id"
                    or "version" or "interfaces":
                    break;
                case "sentry.interfaces.Template": Keep(e, "template", value, ref left); break;
                case "debug_meta": KeepDebugMeta(e, value, ref left); break;
                default: Keep(e, property.Name, value, ref left); break;
            }
        }

        e.Message = MessageReader.Read(logEntry, message, values);
        TagReader.Read(tags, site, e, values);
        e.TraceId = ReadTraceId(e.Contexts);
        // The legacy checksum was the whole identity of an issue.
        if (e.Fingerprint is null && values.Name(checksum, "checksum", MaxFingerprintPart) is { } identity)
            e.Fingerprint = [identity];

        return e;
    }

    /// <summary>A level in one of its names or numbers; the default when absent, and a note when unknown.</summary>
    internal static SentryLevel ReadLevel(JsonElement value, SentryLevel absent, ValueReader values)
    {
        if (ValueReader.IsAbsent(value))
            return absent;

        if (SentryLevelNames.TryParse(ValueReader.Primitive(value), out var level))
            return level;

        values.Refuse("level", value);
        return absent;
    }

    /// <summary>A time; null and a note when it is none.</summary>
    internal static DateTimeOffset? ReadTime(JsonElement value, string attribute, ValueReader values)
    {
        if (Timestamps.TryRead(value, out var time))
            return time;

        if (!ValueReader.IsAbsent(value))
            values.Refuse(attribute, value);

        return null;
    }

    private static SentryId? ReadId(JsonElement value, ValueReader values)
    {
        if (SentryId.TryParse(ValueReader.Primitive(value), out var id))
            return id;

        if (!ValueReader.IsAbsent(value))
            values.Refuse("event_id", value);

        return null;
    }

    private static string? ReadLogger(JsonElement value, ValueReader values) =>
        values.Name(value, "logger", 64)?.Split('\r', '\n')[0];

    private static List<string>? ReadFingerprint(JsonElement value, ValueReader values)
    {
        if (value.ValueKind == JsonValueKind.String)
            return values.Text(value, "fingerprint", MaxFingerprintPart) is { Length: > 0 } single ? [single] : null;

        List<string> parts = [];
        foreach (var item in values.List(value, "fingerprint").Take(MaxFingerprintParts))
        {
            if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                values.Refuse("fingerprint", item);
            else if (item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue / 2)
                // Relay cuts fractions off here, and fingerprints should group the same as there.
                parts.Add(((long)number).ToString(System.Globalization.CultureInfo.InvariantCulture));
            else
                parts.Add(values.Text(item, "fingerprint", MaxFingerprintPart)!);
        }

        return parts.Count > 0 ? parts : null;
    }

    private static Dictionary<string, JsonElement> ReadContexts(JsonElement value, ValueReader values)
    {
        Dictionary<string, JsonElement> contexts = [];
        var left = JsonBudget.Massive.Size;
        foreach (var (name, context) in values.Map(value, "contexts"))
        {
            if (context.ValueKind == JsonValueKind.Object)
                ValueReader.AddWithin(contexts, name, context, JsonBudget.Large, ref left);
            else if (!ValueReader.IsAbsent(context))
                values.Refuse("contexts." + FreeFormJson.Cut(name, 100), context);
        }

        return contexts;
    }

    private static Dictionary<string, string?> ReadModules(JsonElement value, ValueReader values)
    {
        Dictionary<string, string?> modules = [];
        // Flutter and Java list hundreds.
        var left = JsonBudget.Massive.Size;
        foreach (var (name, version) in values.Map(value, "modules"))
        {
            var text = values.Text(version, "modules", 200);
            left -= name.Length + (text?.Length ?? 0);
            if (left < 0)
                break;

            modules[FreeFormJson.Cut(name, 200)] = text;
        }

        return modules;
    }

    private static void ReadErrors(JsonElement value, ValueReader values)
    {
        foreach (var item in values.List(value, "errors"))
        {
            if (item.ValueKind != JsonValueKind.Object)
                continue;

            string? Text(string name) =>
                item.TryGetProperty(name, out var text) ? ValueReader.TextOrJson(text, EventError.MaxLength, 0) : null;

            values.Note(Text("type") ?? "invalid_data", Text("name") ?? "", Text("value"));
        }
    }

    private static string? ReadTraceId(Dictionary<string, JsonElement> contexts) =>
        contexts.TryGetValue("trace", out var trace)
        && trace.TryGetProperty("trace_id", out var id)
        && id.ValueKind == JsonValueKind.String
        && SentryId.TryParse(id.GetString(), out var traceId)
            ? traceId.ToString()
            : null;

    private static void KeepDebugMeta(SentryEvent e, JsonElement value, ref int left)
    {
        if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("images", out var images) && images.ValueKind == JsonValueKind.Array)
            Keep(e, "debug_meta", value, ref left);
    }

    private static void Keep(SentryEvent e, string name, JsonElement value, ref int left)
    {
        if (!ValueReader.IsAbsent(value))
            ValueReader.AddWithin(e.Other, name, value, name == "_meta" ? JsonBudget.Remarks : JsonBudget.Massive, ref left);
    }
}
