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
            var name = fields.Name(cookies[i].Key);
            cookies[i] = new(name, cookies[i].Value);
            if (cookies[i].Value is "" or TextScrubber.Filtered || fields.Run.Policy.Names.IsKept(name))
                continue;

            fields.Run.Enter(name);
            fields.Run.Add("cookie", RemovalAction.Removed, cookies[i].Value.Length);
            fields.Run.Leave();
            cookies[i] = new(name, TextScrubber.Filtered);
        }

        fields.Run.Leave();
    }
}
