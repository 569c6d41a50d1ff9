using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs the HTTP request of an event.</summary>
internal static class RequestScrubber
{
    internal static void Scrub(FieldScrubber fields, SentryRequest? request)
    {
        if (request is null)
            return;

        fields.Run.Enter("request");
        request.Url = fields.Text("url", request.Url, 2_048);
        request.Fragment = fields.Text("fragment", request.Fragment, 1_024);
        fields.Pairs("query_string", request.QueryString);
        Cookies(fields, request.Cookies);
        fields.Pairs("headers", request.Headers);
        request.Env = fields.Map("env", request.Env);
        request.Data = fields.Json("data", request.Data);
        fields.Run.Leave();
    }

    // Every cookie tells one browser from all others.
    private static void Cookies(FieldScrubber fields, List<KeyValuePair<string, string>> cookies)
    {
        fields.Run.Enter("cookies");
        for (var i = 0; i < cookies.Count; i++)
        {
            if (cookies[i].Value is "" or TextScrubber.Filtered || fields.Run.Policy.Names.IsKept(cookies[i].Key))
                continue;

            fields.Run.Enter(cookies[i].Key);
            fields.Run.Add("cookie", RemovalAction.Removed, cookies[i].Value.Length);
            fields.Run.Leave();
            cookies[i] = new(cookies[i].Key, TextScrubber.Filtered);
        }

        fields.Run.Leave();
    }
}
