using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>Makes an event of a browser's report, titled and grouped by the rules of protocol.md section 8.3.</summary>
public static class CspEvent
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["script-src"] = "script",
        ["script-src-elem"] = "script",
        ["script-src-attr"] = "script",
        ["style-src"] = "style",
        ["style-src-elem"] = "style",
        ["style-src-attr"] = "style",
        ["img-src"] = "image",
        ["font-src"] = "font",
        ["media-src"] = "media",
        ["object-src"] = "object",
        ["connect-src"] = "connect",
        ["child-src"] = "child",
        ["manifest-src"] = "manifest",
        ["form-action"] = "form",
    };

    /// <summary>The event.</summary>
    /// <param name="report">What the browser reports.</param>
    /// <param name="release">Release of the page, from the report's address; null when not given.</param>
    /// <param name="environment">Environment, likewise.</param>
    public static SentryEvent Of(CspReport report, string? release, string? environment) => new()
    {
        Platform = "other",
        Level = SentryLevel.Error,
        Logger = "csp",
        Release = release,
        Environment = environment,
        Message = new SentryMessage { Formatted = TitleOf(report) },
        LegacyCulprit = CulpritOf(report),
        Fingerprint = [report.Directive, report.IsLocal ? "self" : report.BlockedHost],
        Tags =
        [
            new("effective-directive", report.Directive),
            new("blocked-uri", report.BlockedUri),
            new("blocked-host", report.BlockedHost),
        ],
        Request = report.DocumentUri.Length == 0
            ? null
            : new SentryRequest
            {
                Url = report.DocumentUri,
                Headers = report.Referrer is { Length: > 0 } referrer ? [new("Referer", referrer)] : [],
            },
        Other = { ["csp"] = report.Body },
    };

    private static string TitleOf(CspReport report)
    {
        var kind = Kinds.GetValueOrDefault(report.Directive, report.Directive);
        if (!report.IsLocal)
            return kind == "form" ? $"Blocked 'form' action to '{report.BlockedHost}'" : $"Blocked '{kind}' from '{report.BlockedHost}'";

        return (kind, report.BlockedUri) switch
        {
            ("script", "inline") => "Blocked unsafe inline 'script'",
            ("script", "eval") => "Blocked unsafe eval() 'script'",
            ("script", "self") => "Blocked unsafe (eval() or inline) 'script'",
            _ => $"Blocked inline '{kind}'",
        };
    }

    // Sources of the page's own origin read as 'self', so that one rule broken on two hosts reads the same.
    private static string CulpritOf(CspReport report)
    {
        var own = Uri.TryCreate(report.DocumentUri, UriKind.Absolute, out var page) ? page.Authority : null;
        var words = (report.ViolatedDirective.Length > 0 ? report.ViolatedDirective : report.Directive).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Select(word =>
            own is not null && Uri.TryCreate(word, UriKind.Absolute, out var source) && source.Authority == own ? "'self'" : word));
    }
}
