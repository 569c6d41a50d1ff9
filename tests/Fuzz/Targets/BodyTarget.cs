using System.Text;
using ErrorHub.Ingest;
using ErrorHub.Web.Ingest;
using Microsoft.Extensions.Options;

namespace ErrorHub.Fuzz.Targets;

/// <summary>A request's body as sent: its Content-Encoding, a line feed, and bytes that may be compressed that way.</summary>
internal static class BodyTarget
{
    private static readonly IngestOptions Limits = new();
    private static readonly BodyDecoder Decoder = new(Options.Create(Limits));

    /// <summary>Runs the bytes; false when they are refused.</summary>
    internal static bool Run(byte[] request)
    {
        var line = request.AsSpan().IndexOf((byte)'\n');
        var coding = Encoding.Latin1.GetString(request.AsSpan(0, Math.Max(0, line)));
        var sent = request[(line + 1)..];
        var http = new DefaultHttpContext();
        http.Request.Headers.ContentEncoding = coding;
        http.Request.Body = new MemoryStream(sent);

        // Nothing here waits: the body is there.
        var (buffer, error, reason) = Decoder.ReadAsync(http, Limits.MaxEventBytes, CancellationToken.None).GetAwaiter().GetResult();
        using (buffer)
        {
            Promise.Holds(buffer is null != error is null, "there is a body or a reason why not");
            Promise.Holds(error is null or { Status: 400 or 413 or 415 }, "a body is refused with a status of its own");
            Promise.Holds(error is null == (reason == DiscardReason.None), "what is refused is counted");
            Promise.Holds(buffer is null || buffer.Length <= Limits.MaxEventBytes, "what is inflated keeps to the limit");
            if (coding.Length == 0 && ContentCodings.Sniff(null, sent) is null)
                Promise.Holds(buffer!.Written.Span.SequenceEqual(sent), "a body without a coding is taken as it is");

            return buffer is not null;
        }
    }
}
