using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using ErrorHub.Ingest;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ErrorHub.Web.Ingest;

/// <summary>Reads a request's body and undoes its compression, with a limit on every byte on the way (protocol.md 3.1).</summary>
internal sealed class BodyDecoder(IOptions<IngestOptions> options)
{
    // A text that shrinks more than this is a bomb: 10 KB of gzip can hold 10 MB, of Brotli 10 GB. Short bodies may repeat themselves.
    private const int MaxRatio = 200;
    private const int RatioMatters = 1024 * 1024;

    // 8 MiB, what RFC 8878 asks decoders to support; the library's own limit of 128 MiB is the sender's to fill.
    private const int MaxZstdWindowLog = 23;

    // Google Brotli before its fix writes out of bounds on hostile input (CVE-2026-111497); .NET has the fix from here on.
    private static readonly Version FirstSafeBrotli = new(10, 0, 14);

    /// <summary>True when this runtime's Brotli may read what strangers send.</summary>
    public static bool ReadsBrotli { get; } = Environment.Version >= FirstSafeBrotli;

    /// <summary>The codings it takes, for the Accept-Encoding of an answer 415.</summary>
    public static string AcceptedCodings { get; } = ReadsBrotli ? "gzip, deflate, br, zstd" : "gzip, deflate, zstd";

    /// <summary>Reads the whole body, or says why it is refused.</summary>
    /// <param name="http">The request.</param>
    /// <param name="maxBytes">Most bytes after decompression.</param>
    /// <param name="cancellationToken">Ends the wait for the sender.</param>
    public async Task<DecodedBody> ReadAsync(HttpContext http, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return new DecodedBody(await DecodeAsync(http, maxBytes, cancellationToken), null, DiscardReason.None);
        }
        catch (BodyTooLargeException)
        {
            return new DecodedBody(null, IngestError.TooLarge, DiscardReason.TooLarge);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new DecodedBody(null, IngestError.TooLarge, DiscardReason.TooLarge);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            return new DecodedBody(null, Damaged, DiscardReason.InvalidCompression);
        }
        catch (IOException e) when (e is not (BadHttpRequestException or ConnectionResetException))
        {
            // A chunk size that overflows, a zlib stream that asks for a dictionary: bad bodies that their readers take for broken lines.
            return new DecodedBody(null, Damaged, DiscardReason.InvalidCompression);
        }
        catch (NotSupportedException)
        {
            return new DecodedBody(null, Unsupported, DiscardReason.InvalidCompression);
        }
    }

    private async Task<PooledBuffer> DecodeAsync(HttpContext http, int maxBytes, CancellationToken cancellationToken)
    {
        // MeteredStream and the loop below hold the limits, which depend on what the bytes turn out to be.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Math.Max(maxBytes, options.Value.MaxCompressedBytes) + 1L;

        if (ContentCodings.Read(http.Request.Headers.ContentEncoding) is not { } codings)
            throw new NotSupportedException("too many content codings");

        var head = new byte[4];
        var headBytes = await PeekAsync(http, head, cancellationToken);
        var first = codings.Count > 0 ? codings[0] : (ContentCoding?)null;
        var real = ContentCodings.Sniff(first, head.AsSpan(0, headBytes));
        if (real is { } coding)
            codings = [coding, .. codings.Skip(1)];
        else
            codings = [];

        var buffer = new PooledBuffer();
        try
        {
            if (codings.Count == 0)
                await CopyAsync(http.Request.BodyReader, buffer, maxBytes, cancellationToken);
            else
                await DecodeAsync(
                    new MeteredStream(http.Request.BodyReader.AsStream(), options.Value.MaxCompressedBytes), codings, head.AsMemory(0, headBytes), buffer,
                    maxBytes, cancellationToken);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async Task CopyAsync(PipeReader body, PooledBuffer buffer, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var isTooLarge = buffer.Length + read.Buffer.Length > maxBytes;
            if (!isTooLarge)
                foreach (var part in read.Buffer)
                    buffer.Write(part.Span);

            // In any case: Kestrel reads on, to the end of the request.
            body.AdvanceTo(read.Buffer.End);
            if (isTooLarge)
                throw new BodyTooLargeException();

            if (read.IsCompleted)
                return;
        }
    }

    private static async Task DecodeAsync(
        MeteredStream sent, List<ContentCoding> codings, ReadOnlyMemory<byte> head, PooledBuffer buffer, int maxBytes,
        CancellationToken cancellationToken)
    {
        Stream stream = sent;
        for (var i = 0; i < codings.Count; i++)
            stream = Undo(codings[i], stream, i == 0 ? head.Span : default);

        await using (stream)
        {
            while (await stream.ReadAsync(buffer.Free, cancellationToken) is var read and > 0)
            {
                buffer.Advance(read);
                if (buffer.Length > maxBytes || IsBomb(buffer.Length, sent.BytesRead))
                    throw new BodyTooLargeException();
            }
        }

        // GZipStream ends a cut-off body without a word; only the length at the very end tells. (It would read several members
        // one after the other, which no SDK sends, and which this refuses.)
        if (codings is [ContentCoding.Gzip] && sent.Tail != (uint)buffer.Length)
            throw new InvalidDataException("the gzip stream is cut off");
    }

    private static bool IsBomb(long length, long sentBytes) =>
        length > RatioMatters && length > sentBytes * MaxRatio;

    private static Stream Undo(ContentCoding coding, Stream stream, ReadOnlySpan<byte> head) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(stream, CompressionMode.Decompress),
        ContentCoding.Deflate when head.IsEmpty || ContentCodings.IsZlib(head) => new ZLibStream(stream, CompressionMode.Decompress),
        ContentCoding.Deflate => new DeflateStream(stream, CompressionMode.Decompress),
        ContentCoding.Brotli when ReadsBrotli => new BrotliStream(stream, CompressionMode.Decompress),
        ContentCoding.Zstd => NewZstd(stream),
        _ => throw new NotSupportedException("unknown content coding"),
    };

    private static DecompressionStream NewZstd(Stream stream)
    {
        var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
        return new DecompressionStream(stream, decompressor, checkEndOfStream: true, preserveDecompressor: false, leaveOpen: true);
    }

    /// <summary>Copies the first bytes without taking them.</summary>
    private static async Task<int> PeekAsync(HttpContext http, byte[] head, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        var result = await reader.ReadAtLeastAsync(head.Length, cancellationToken);
        var part = result.Buffer.Slice(0, Math.Min(head.Length, result.Buffer.Length));
        part.CopyTo(head);
        reader.AdvanceTo(result.Buffer.Start);
        return (int)part.Length;
    }

    private static IngestError Damaged { get; } =
        new(StatusCodes.Status400BadRequest, "the body is damaged", "it cannot be read, or decompressed, to its end");

    private static IngestError Unsupported { get; } =
        new(StatusCodes.Status415UnsupportedMediaType, $"send one of the encodings {AcceptedCodings}") { AcceptEncoding = AcceptedCodings };
}

/// <summary>A body, or the reason why there is none.</summary>
/// <param name="Buffer">The bytes; null when it is refused.</param>
/// <param name="Error">What the sender is told.</param>
/// <param name="Reason">What is counted.</param>
internal readonly record struct DecodedBody(PooledBuffer? Buffer, IngestError? Error, DiscardReason Reason);
