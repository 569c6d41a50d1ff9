using System.Buffers;
using System.Text;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs attachments that are text, whatever they are called: logs, configurations, view hierarchies. Others are kept as sent.</summary>
internal static class AttachmentScrubber
{
    // A log may be as long as the largest attachment; in pieces it takes neither twice its memory nor one long turn of a detector.
    private const int PieceBytes = 1024 * 1024;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The bytes without what must go; the same when that is nothing, or when they are no text.</summary>
    /// <param name="bytes">What was sent.</param>
    /// <param name="contentType">The media type it was sent with; null when there was none.</param>
    /// <param name="policy">The project's rules.</param>
    internal static ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> bytes, string? contentType, ScrubbingPolicy policy) =>
        Scrub(bytes, contentType, policy, Budget);

    /// <summary>Likewise within some time.</summary>
    internal static ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> bytes, string? contentType, ScrubbingPolicy policy, TimeSpan budget)
    {
        if (EncodingOf(bytes.Span, contentType) is not { } encoding)
            return bytes;

        var run = ScrubbingRun.Begin(budget, policy);
        ArrayBufferWriter<byte>? output = null;
        for (var start = 0; start < bytes.Length;)
        {
            var end = encoding.IsSingleByte || encoding == Utf8 ? EndOfPiece(bytes.Span, start) : bytes.Length;
            var text = encoding.GetString(bytes.Span[start..end]);
            var scrubbed = Scrub(text, run);
            if (scrubbed != text && output is null)
            {
                output = new ArrayBufferWriter<byte>(bytes.Length);
                output.Write(bytes.Span[..start]);
            }

            output?.Write(scrubbed == text ? bytes.Span[start..end] : encoding.GetBytes(scrubbed));
            start = end;
        }

        return output?.WrittenMemory ?? bytes;
    }

    private static string Scrub(string text, ScrubbingRun run)
    {
        try
        {
            return ValueScrubber.Scrub(text, TextPlace.Prose, run);
        }
        catch (Exception)
        {
            return TextScrubber.Filtered;
        }
    }

    /// <summary>How the bytes are to be read as text; null when they are none.</summary>
    private static Encoding? EncodingOf(ReadOnlySpan<byte> bytes, string? contentType) => bytes switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ when bytes.Contains((byte)0) => null,
        _ when System.Text.Unicode.Utf8.IsValid(bytes) => Utf8,
        _ => IsText(contentType) ? Encoding.Latin1 : null,
    };

    private static bool IsText(string? contentType) =>
        contentType is not null && (contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("json", StringComparison.OrdinalIgnoreCase) || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase));

    /// <summary>The end of a line some way on, behind a PEM block when one is open there.</summary>
    private static int EndOfPiece(ReadOnlySpan<byte> bytes, int start)
    {
        if (bytes.Length - start <= PieceBytes)
            return bytes.Length;

        var end = bytes.Slice(start, PieceBytes).LastIndexOf((byte)'\n') is > 0 and var line ? start + line + 1 : EndOfLine(bytes, start + PieceBytes);
        var piece = bytes[start..end];
        if (piece.LastIndexOf("-----BEGIN "u8) is not (>= 0 and var begin) || piece[begin..].IndexOf("-----END "u8) >= 0)
            return end;

        return bytes[end..].IndexOf("-----END "u8) is >= 0 and var close ? EndOfLine(bytes, end + close) : bytes.Length;
    }

    private static int EndOfLine(ReadOnlySpan<byte> bytes, int from) =>
        bytes[from..].IndexOf((byte)'\n') is >= 0 and var line ? from + line + 1 : bytes.Length;
}
