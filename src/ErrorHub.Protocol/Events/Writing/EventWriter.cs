using System.Buffers;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Writing;

/// <summary>Writes the top level of an event and its small parts.</summary>
internal static class EventWriter
{
    internal static void Write(SentryEvent e, IBufferWriter<byte> output)
    {
        using var writer = FreeFormJson.NewWriter(output);
        writer.WriteStartObject();
        writer.Text("event_id", e.EventId?.ToString());
        writer.Time("timestamp", e.Timestamp);
        writer.Time("received", e.Received);
        writer.Text("platform", e.Platform);
        writer.Text("level", e.Level.ToName());
        writer.Text("type", e.Type);
        writer.Text("logger", e.Logger);
        writer.Text("transaction", e.Transaction);
        writer.Text("culprit", e.LegacyCulprit);
        writer.Text("server_name", e.ServerName);
        writer.Text("release", e.Release);
        writer.Text("dist", e.Dist);
        writer.Text("environment", e.Environment);
        Message(writer, e.Message);
        writer.Values("exception", e.Exceptions, StackWriter.Exception);
        StackWriter.StackTrace(writer, "stacktrace", e.StackTrace);
        writer.Values("threads", e.Threads, StackWriter.Thread);
        Request(writer, e.Request);
        User(writer, e.User);
        writer.Pairs("tags", e.Tags);
        writer.Values("breadcrumbs", e.Breadcrumbs, Breadcrumb);
        writer.Map("contexts", e.Contexts);
        writer.Map("extra", e.Extra);
        Modules(writer, e.Modules);
        Sdk(writer, e.Sdk);
        writer.Texts("fingerprint", e.Fingerprint);
        Errors(writer, e.Errors);
        ReceiptWriter.Write(writer, e.Receipt);
        writer.Entries(e.Other);
        writer.WriteEndObject();
    }

    private static void Message(Utf8JsonWriter writer, SentryMessage? message)
    {
        if (message is null)
            return;

        writer.WriteStartObject("logentry");
        writer.Text("message", message.Message);
        writer.Text("formatted", message.Formatted);
        writer.Json("params", message.Params);
        writer.WriteEndObject();
    }

    private static void Request(Utf8JsonWriter writer, SentryRequest? request)
    {
        if (request is null)
            return;

        writer.WriteStartObject("request");
        writer.Text("url", request.Url);
        writer.Text("method", request.Method);
        writer.Pairs("query_string", request.QueryString);
        writer.Text("fragment", request.Fragment);
        writer.Pairs("cookies", request.Cookies);
        writer.Pairs("headers", request.Headers);
        writer.Map("env", request.Env);
        writer.Json("data", request.Data);
        writer.WriteEndObject();
    }

    private static void User(Utf8JsonWriter writer, SentryUser? user)
    {
        if (user is null)
            return;

        writer.WriteStartObject("user");
        writer.Text("id", user.Id);
        writer.Text("username", user.Username);
        writer.Text("name", user.Name);
        writer.Text("email", user.Email);
        writer.Text("ip_address", user.IpAddress);
        writer.Json("geo", user.Geo);
        writer.Map("data", user.Data);
        writer.WriteEndObject();
    }

    private static void Breadcrumb(Utf8JsonWriter writer, Breadcrumb breadcrumb)
    {
        writer.Time("timestamp", breadcrumb.Timestamp);
        writer.Text("type", breadcrumb.Type);
        writer.Text("category", breadcrumb.Category);
        writer.Text("level", breadcrumb.Level.ToName());
        writer.Text("message", breadcrumb.Message);
        writer.Json("data", breadcrumb.Data);
    }

    private static void Modules(Utf8JsonWriter writer, Dictionary<string, string?> modules)
    {
        if (modules.Count == 0)
            return;

        writer.WriteStartObject("modules");
        foreach (var (name, version) in modules)
            writer.WriteString(name, version);

        writer.WriteEndObject();
    }

    private static void Sdk(Utf8JsonWriter writer, SentrySdk? sdk)
    {
        if (sdk is null)
            return;

        writer.WriteStartObject("sdk");
        writer.Text("name", sdk.Name);
        writer.Text("version", sdk.Version);
        writer.Json("integrations", sdk.Integrations);
        writer.Json("packages", sdk.Packages);
        writer.Json("settings", sdk.Settings);
        writer.WriteEndObject();
    }

    private static void Errors(Utf8JsonWriter writer, List<EventError> errors)
    {
        if (errors.Count == 0)
            return;

        writer.WriteStartArray("errors");
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.Text("type", error.Type);
            writer.Text("name", error.Name);
            writer.Text("value", error.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
