using System.Buffers;
using ZstdSharp;

namespace ErrorHub.Events;

/// <summary>Compresses event bodies for the database, and reads them back.</summary>
public static class PayloadCodec
{
    // Level 1: on real events level 3 costs a fifth to four fifths more time for a body at most a tenth smaller
    // (performance.md 4.1), and compression is the dearest step of the path.
    private const int Level = 1;

    // A compressor holds some 100 KiB of tables: one per thread, kept.
    [ThreadStatic]
    private static Compressor? _compressor;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    /// <summary>Compresses a JSON body as one zstd frame.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> json)
    {
        // Borrowed: the bound is longer than the JSON, and most of it is not needed.
        var frame = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(json.Length));
        var length = (_compressor ??= new Compressor(Level)).Wrap(json, frame);
        var body = frame.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(frame);
        return body;
    }

    /// <summary>The JSON of a stored body.</summary>
    /// <param name="body">The stored bytes.</param>
    /// <param name="codec">How they are compressed.</param>
    /// <param name="bodyBytes">Length of the JSON, as stored beside it.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> body, PayloadCodecKind codec, int bodyBytes)
    {
        if (codec == PayloadCodecKind.Raw)
            return body.ToArray();

        try
        {
            return (_decompressor ??= new Decompressor()).Unwrap(body, bodyBytes).ToArray();
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("A stored event body is damaged.", e);
        }
    }
}
