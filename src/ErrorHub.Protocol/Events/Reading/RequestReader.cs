using System.Net;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads the HTTP request; every SDK has its own idea of query strings, cookies and headers.</summary>
internal static class RequestReader
{
    private const int MaxUrl = 2_048;
    private const int MaxFragment = 1_024;
    private const int MaxPairs = 200;
    private const int MaxPairName = 200;

    // {"url":"https://shop.example/pay?a=1","method":"post","headers":{"User-Agent":["curl/8"]},"cookies":"a=b; c=d"}
    internal static SentryRequest? Read(JsonElement value, ValueReader values)
    {
        var request = new SentryRequest();
        foreach (var (name, field) in values.Map(value, "request"))
        {
            if (ValueReader.IsAbsent(field))
                continue;

            switch (name)
            {
                case "url": request.Url = values.Name(field, "request.url", MaxUrl); break;
                case "method": request.Method = ReadMethod(field, values); break;
                case "data": request.Data = FreeFormJson.Keep(field, JsonBudget.Large); break;
                case "query_string": request.QueryString = ReadQuery(field, values); break;
                case "fragment": request.Fragment = values.Name(field, "request.fragment", MaxFragment)?.TrimStart('#') is { Length: > 0 } f ? f : null; break;
                case "cookies": request.Cookies = ReadCookies(field, values); break;
                case "headers": request.Headers = ReadHeaders(field, values); break;
                case "env": request.Env = values.Entries(field, "request.env", JsonBudget.Small, JsonBudget.Large.Size); break;
            }
        }

        SplitUrl(request);
        return IsEmpty(request) ? null : request;
    }

    private static bool IsEmpty(SentryRequest request) => request is
    {
        Url: null, Method: null, Data: null, Fragment: null, QueryString.Count: 0, Cookies.Count: 0, Headers.Count: 0, Env.Count: 0,
    };

    /// <summary>Takes the query and the fragment out of the URL, unless they were sent on their own.</summary>
    private static void SplitUrl(SentryRequest request)
    {
        if (request.Url is not { } url)
            return;

        if (url.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0)
        {
            request.Fragment ??= FreeFormJson.Cut(url[(hash + 1)..].Trim(), MaxFragment) is { Length: > 0 } fragment ? fragment : null;
            url = url[..hash];
        }

        if (url.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0)
        {
            if (request.QueryString.Count == 0)
                request.QueryString = ParseQuery(url[(mark + 1)..]);

            url = url[..mark];
        }

        request.Url = url.Trim() is { Length: > 0 } rest ? rest : null;
    }

    private static string? ReadMethod(JsonElement value, ValueReader values)
    {
        var method = values.Name(value, "request.method", int.MaxValue / 2)?.ToUpperInvariant();
        if (method is null || (method.Length <= 32 && method.All(c => char.IsAsciiLetterUpper(c) || c is '-' or '_')))
            return method;

        values.Refuse("request.method", value);
        return null;
    }

    private static List<KeyValuePair<string, string>> ReadQuery(JsonElement value, ValueReader values)
    {
        if (value.ValueKind == JsonValueKind.String)
            return ParseQuery(value.GetString()!);

        var pairs = new Pairs();
        foreach (var (name, entry) in values.Map(value, "request.query_string"))
            if (entry.ValueKind == JsonValueKind.Array)
                foreach (var repeated in entry.EnumerateArray())
                    pairs.Add(name, TextOf(repeated));
            else
                pairs.Add(name, TextOf(entry));

        return pairs.Kept;
    }

    private static List<KeyValuePair<string, string>> ParseQuery(string query)
    {
        var pairs = new Pairs();
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(Decode(equals < 0 ? part : part[..equals]), equals < 0 ? "" : Decode(part[(equals + 1)..]));
        }

        return pairs.Kept;
    }

    private static List<KeyValuePair<string, string>> ReadCookies(JsonElement value, ValueReader values)
    {
        var pairs = new Pairs();
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var part in value.GetString()!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                pairs.Add(equals < 0 ? part : part[..equals], equals < 0 ? "" : part[(equals + 1)..]);
            }
        }
        else
        {
            foreach (var (name, entry) in values.Map(value, "request.cookies"))
                pairs.Add(name, TextOf(entry));
        }

        return pairs.Kept;
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(JsonElement value, ValueReader values)
    {
        var pairs = new Pairs();
        foreach (var (name, entry) in values.Map(value, "request.headers"))
            if (!ValueReader.IsAbsent(entry))
                pairs.Add(name, entry.ValueKind == JsonValueKind.Array
                    ? string.Join(',', entry.EnumerateArray().Select(TextOf).Where(v => v.Length > 0))
                    : TextOf(entry));

        return pairs.Kept;
    }

    private static string TextOf(JsonElement value) =>
        ValueReader.IsAbsent(value) ? "" : ValueReader.Primitive(value) ?? FreeFormJson.Compact(value);

    /// <summary>Lone surrogates that a percent-encoded byte may leave are replaced by the decoder itself.</summary>
    private static string Decode(string text) => WebUtility.UrlDecode(text).Replace('\0', '\u2400');

    /// <summary>Collects names and values within the budget of their list.</summary>
    private sealed class Pairs
    {
        private int _left = JsonBudget.Large.Size;

        internal List<KeyValuePair<string, string>> Kept { get; } = [];

        internal void Add(string name, string value)
        {
            var key = FreeFormJson.Cut(name.Trim(), MaxPairName);
            var room = _left - key.Length;
            if (key.Length == 0 || room <= 0 || Kept.Count == MaxPairs)
                return;

            var text = FreeFormJson.Cut(value, room);
            _left = room - text.Length;
            Kept.Add(new(key, text));
        }
    }
}
