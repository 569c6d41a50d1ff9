using System.Globalization;
using System.Text;

namespace ErrorHub.Benchmarks.Load;

/// <summary>
/// One sample as a whole HTTP request, an uncompressed envelope, ready but for the event's id and its issue: to send one is a
/// copy and two patches, since whatever the load costs is missing to the server on the same cores.
/// </summary>
internal sealed class RequestTemplate
{
    private const string NoId = "00000000000000000000000000000000";
    private const string NoIssue = "issue-00000";

    private readonly byte[] _bytes;
    private readonly int _idInHeader;
    private readonly int _idInEvent;
    private readonly int _issueDigits;

    public RequestTemplate(Target target, byte[] members, DateTimeOffset now)
    {
        // The fingerprint decides the issue, so that a run has exactly as many as it wants. The server still groups by itself
        // first: `{{ default }}` could be one of the values.
        var time = now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var start = $$"""{"event_id":"{{NoId}}","timestamp":"{{time}}","fingerprint":["{{NoIssue}}"]""";
        JsonBytes = start.Length + 1 + members.Length;
        // No sent_at: a body that was made minutes ago would look like a clock that is wrong.
        var envelope = $$"""
            {"event_id":"{{NoId}}"}
            {"type":"event","length":{{JsonBytes}} }

            """.ReplaceLineEndings("\n");
        var head = $"""
            POST /api/{target.ProjectId}/envelope/ HTTP/1.1
            Host: 127.0.0.1:{target.Port}
            User-Agent: errorhub.benchmarks/1.0
            X-Sentry-Auth: Sentry sentry_version=7, sentry_client=errorhub.benchmarks/1.0, sentry_key={target.Key}
            Content-Type: application/x-sentry-envelope
            Content-Length: {envelope.Length + JsonBytes}


            """.ReplaceLineEndings("\r\n");
        _bytes = [.. Encoding.ASCII.GetBytes(head + envelope + start + ","), .. members];
        _idInHeader = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoId));
        _idInEvent = _idInHeader + 1 + _bytes.AsSpan(_idInHeader + 1).IndexOf(Encoding.ASCII.GetBytes(NoId));
        _issueDigits = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoIssue)) + "issue-".Length;
    }

    /// <summary>Length of the event, without envelope and HTTP.</summary>
    public int JsonBytes { get; }

    public int Length => _bytes.Length;

    /// <summary>Writes the request for a fresh event of this issue.</summary>
    public void Write(Span<byte> request, int issue)
    {
        _bytes.CopyTo(request);
        var id = request.Slice(_idInHeader, NoId.Length);
        Guid.NewGuid().TryFormat(id, out _, "N");
        id.CopyTo(request[_idInEvent..]);
        issue.TryFormat(request[_issueDigits..], out _, "D5", CultureInfo.InvariantCulture);
    }
}
