using System.Buffers;
using ZstdSharp;

namespace ErrorHub.Events;

/// <summary>Compresses event bodies for the database, and reads them back.</summary>
/// <remarks>
/// With a dictionary of what events of all SDKs have in common, made from made-up events (<c>tests/ErrorHub.Benchmarks dictionary</c>): it
/// makes the body of the sample events a fifth smaller. A body that cannot be read any more is a lost event, so a better dictionary gets a kind
/// and a file of its own, and this one stays.
/// </remarks>
public static class PayloadCodec
{
    // Level 1: on real events level 3 costs a fifth to four fifths more time for a body at most a tenth smaller
    // (performance.md 4.1), and compression is the dearest step of the path.
    private const int Level = 1;

    private static readonly byte[] Dictionary = LoadDictionary();

    // A compressor holds some 100 KiB of tables: one per thread, kept.
    [ThreadStatic]
    private static Compressor? _compressor;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    /// <summary>How <see cref="Compress"/> compresses.</summary>
    public const PayloadCodecKind Kind = PayloadCodecKind.ZstdWithDictionary1;

    /// <summary>Compresses a JSON body.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> json)
    {
        // Borrowed: the bound is longer than the JSON, and most of it is not needed.
        var frame = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(json.Length));
        var length = (_compressor ??= NewCompressor()).Wrap(json, frame);
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
            return (_decompressor ??= NewDecompressor()).Unwrap(body, bodyBytes).ToArray();
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException("A stored event body is damaged.", e);
        }
    }

    private static Compressor NewCompressor()
    {
        var compressor = new Compressor(Level);
        compressor.LoadDictionary(Dictionary);
        return compressor;
    }

    // It reads frames without a dictionary, too.
    private static Decompressor NewDecompressor()
    {
        var decompressor = new Decompressor();
        decompressor.LoadDictionary(Dictionary);
        return decompressor;
    }

    private static byte[] LoadDictionary()
    {
        using var stream = typeof(PayloadCodec).Assembly.GetManifestResourceStream("events/bodies-1.zdict")
            ?? throw new InvalidOperationException("The program lacks the dictionary of stored bodies.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
