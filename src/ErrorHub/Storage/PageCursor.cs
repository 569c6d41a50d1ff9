using System.Buffers.Binary;
using System.Buffers.Text;

namespace ErrorHub.Storage;

/// <summary>
/// Where a page of a list begins: the sort key of the row beside it, and the way to go from there. As text it is opaque and names
/// the list's order; one that was altered, or made for another order, is refused. It gives no rights: the scope is checked anew.
/// </summary>
/// <param name="Order">Order of the list it belongs to.</param>
/// <param name="Backwards">True to go towards the first page.</param>
/// <param name="Score">First part of the key; 0 when the list is ordered by time alone.</param>
/// <param name="At">Second part of the key.</param>
/// <param name="Id">Breaks ties.</param>
internal readonly record struct PageCursor(byte Order, bool Backwards, long Score, DateTimeOffset At, Guid Id)
{
    private const byte FormatVersion = 1;
    private const int Length = 3 + 8 + 8 + 16 + 1;

    /// <summary>Reads a cursor of this order.</summary>
    public static bool TryParse(string text, byte order, out PageCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        // Decoding throws for what is no Base64 at all.
        if (text.Length > 64 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Length)
            return false;

        if (bytes[0] != FormatVersion || bytes[1] != order || bytes[2] > 1 || bytes[^1] != Check(bytes[..^1]))
            return false;

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[11..]);
        if (ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;

        cursor = new PageCursor(
            order, bytes[2] == 1, BinaryPrimitives.ReadInt64BigEndian(bytes[3..]), new DateTimeOffset(ticks, TimeSpan.Zero),
            new Guid(bytes.Slice(19, 16), bigEndian: true));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = FormatVersion;
        bytes[1] = Order;
        bytes[2] = Backwards ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[3..], Score);
        BinaryPrimitives.WriteInt64BigEndian(bytes[11..], At.UtcTicks);
        Id.TryWriteBytes(bytes[19..], bigEndian: true, out _);
        bytes[^1] = Check(bytes[..^1]);
        return Base64Url.EncodeToString(bytes);
    }

    // Against slips of the mouse, not against intent: a wrong cursor should be told, not read as another page.
    private static byte Check(ReadOnlySpan<byte> bytes)
    {
        byte check = 0x5a;
        foreach (var value in bytes)
            check = (byte)((check * 31) ^ value);

        return check;
    }
}
