using Microsoft.Extensions.Primitives;

namespace ErrorHub.Web.Ingest;

/// <summary>How a body is compressed.</summary>
internal enum ContentCoding
{
    Gzip,
    Deflate,
    Brotli,
    Zstd,

    /// <summary>A name nobody knows; the body may still be readable.</summary>
    Unknown,
}

/// <summary>Reads the Content-Encoding header and looks at a body's first bytes (protocol.md 3.1).</summary>
internal static class ContentCodings
{
    /// <summary>Most codings of one body.</summary>
    private const int MaxCodings = 3;

    /// <summary>The codings in the order they are undone; null when there are too many.</summary>
    public static List<ContentCoding>? Read(StringValues header)
    {
        var codings = new List<ContentCoding>();
        foreach (var name in header.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            switch (name.ToLowerInvariant())
            {
                // Ruby sends an empty header for small bodies, an old Android SDK sent "UTF-8".
                case "" or "identity" or "utf-8" or "utf8": break;
                case "gzip" or "x-gzip": codings.Insert(0, ContentCoding.Gzip); break;
                case "deflate": codings.Insert(0, ContentCoding.Deflate); break;
                case "br": codings.Insert(0, ContentCoding.Brotli); break;
                case "zstd": codings.Insert(0, ContentCoding.Zstd); break;
                default: codings.Insert(0, ContentCoding.Unknown); break;
            }
        }

        return codings.Count <= MaxCodings ? codings : null;
    }

    /// <summary>
    /// What the body really is. Proxies and inspectors re-send bodies uncompressed with the header intact (sentry-react-native
    /// 3698), and some clients compress without saying so.
    /// </summary>
    /// <param name="declared">What the header says last was done.</param>
    /// <param name="head">The first bytes; may be fewer than four.</param>
    /// <returns>Null for a body that is not compressed.</returns>
    public static ContentCoding? Sniff(ContentCoding? declared, ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, ..] => ContentCoding.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ContentCoding.Zstd,
        // No deflate or Brotli stream of a JSON text begins with its own first character.
        [(byte)'{', ..] or [] => null,
        // Without its magic number it is neither.
        _ when declared is ContentCoding.Gzip or ContentCoding.Zstd => null,
        _ => declared,
    };

    /// <summary>True for the zlib wrapper (RFC 1950), which most senders of <c>deflate</c> use; false for the bare stream.</summary>
    public static bool IsZlib(ReadOnlySpan<byte> head) =>
        head is [var b0, var b1, ..] && (b0 & 0x0f) == 8 && ((b0 << 8) | b1) % 31 == 0;
}
