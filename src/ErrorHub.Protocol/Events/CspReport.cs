using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>
/// One violation of a Content-Security-Policy as a browser reports it (protocol.md section 8.3): alone as
/// <c>{"csp-report":{…}}</c>, or in a batch of the Reporting API.
/// </summary>
public sealed class CspReport
{
    private const int MaxReports = 100;

    private CspReport(string directive, string violatedDirective, string documentUri, string blockedUri, string? referrer, JsonElement body)
    {
        Directive = directive;
        ViolatedDirective = violatedDirective;
        DocumentUri = documentUri;
        BlockedUri = blockedUri;
        Referrer = referrer;
        Body = body;
    }

    /// <summary>First word of the effective directive, else of the violated one, such as <c>script-src</c>.</summary>
    public string Directive { get; }

    /// <summary>The violated directive with its sources; empty when the browser left it out.</summary>
    public string ViolatedDirective { get; }

    /// <summary>The page; empty when absent.</summary>
    public string DocumentUri { get; }

    /// <summary>What was blocked: a URI, a bare scheme, <c>inline</c>, <c>eval</c>, or <c>self</c> when absent.</summary>
    public string BlockedUri { get; }

    /// <summary>Where the page was reached from.</summary>
    public string? Referrer { get; }

    /// <summary>The report as sent.</summary>
    public JsonElement Body { get; }

    /// <summary>Host and port of what was blocked, <c>scheme:</c> for a bare scheme, else the word itself.</summary>
    public string BlockedHost => Origin(BlockedUri) is { } uri ? uri.Authority : BlockedUri;

    /// <summary>True for what the page itself did: inline code, eval, or its own origin.</summary>
    public bool IsLocal =>
        BlockedUri is "self" or "inline" or "eval" || (Origin(BlockedUri) is { } blocked && Origin(DocumentUri)?.Authority == blocked.Authority);

    // {"csp-report":{"document-uri":"https://shop.example/","violated-directive":"script-src 'self'","blocked-uri":"https://evil.example/x.js"}}
    // [{"type":"csp-violation","url":"https://shop.example/","body":{"documentURL":"…","effectiveDirective":"script-src-elem","blockedURL":"inline"}}]
    /// <summary>Reads a body; reports of other kinds and without a directive are left out.</summary>
    /// <returns>False when the bytes are neither a JSON object nor a list.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out IReadOnlyList<CspReport>? reports)
    {
        reports = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                return false;

            var elements = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Take(MaxReports) : [root];
            reports = [.. elements.Select(Read).OfType<CspReport>()];
            return true;
        }
    }

    private static CspReport? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;

        var body = element;
        if (element.TryGetProperty("csp-report", out var legacy))
            body = legacy;
        else if (element.TryGetProperty("body", out var reporting))
            body = reporting;

        if (body.ValueKind != JsonValueKind.Object)
            return null;

        // Browsers write the same key in kebab case, camel case and snake case.
        var fields = new Dictionary<string, string>();
        foreach (var property in body.EnumerateObject())
        {
            if (Text(property.Value) is { } text)
                fields[property.Name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()] = text;
        }

        var violated = fields.GetValueOrDefault("violateddirective", "").Trim();
        var directive = (fields.GetValueOrDefault("effectivedirective") is { Length: > 0 } effective ? effective : violated).Trim().Split(' ')[0];
        if (directive.Length == 0)
            return null;

        var blocked = fields.GetValueOrDefault("blockeduri") ?? fields.GetValueOrDefault("blockedurl");
        return new CspReport(
            directive, violated, fields.GetValueOrDefault("documenturi") ?? fields.GetValueOrDefault("documenturl", ""),
            string.IsNullOrWhiteSpace(blocked) ? "self" : blocked.Trim(), fields.GetValueOrDefault("referrer"), body.Clone());
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static Uri? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss" ? uri : null;
}
