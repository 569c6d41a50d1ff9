using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs the HTTP request of an event.</summary>
internal static class RequestScrubber
{
    internal static void Scrub(SentryEvent e, SentryRequest? request)
    {
        if (request is null)
            return;

        request.Url = EventScrubber.Text(e, "request.url", request.Url, 2_048);
        request.Fragment = EventScrubber.Text(e, "request.fragment", request.Fragment, 1_024);
        Pairs(e, "request.query_string", request.QueryString);
        // Every cookie tells one browser from all others.
        for (var i = 0; i < request.Cookies.Count; i++)
            request.Cookies[i] = new(request.Cookies[i].Key, request.Cookies[i].Value.Length == 0 ? "" : TextScrubber.Filtered);

        Pairs(e, "request.headers", request.Headers);
        request.Env = EventScrubber.Map(e, "request.env", request.Env);
        request.Data = EventScrubber.Json(e, "request.data", request.Data);
    }

    private static void Pairs(SentryEvent e, string path, List<KeyValuePair<string, string>> pairs)
    {
        for (var i = 0; i < pairs.Count; i++)
            pairs[i] = new(pairs[i].Key, EventScrubber.Named(e, path, pairs[i].Key, pairs[i].Value));
    }
}
