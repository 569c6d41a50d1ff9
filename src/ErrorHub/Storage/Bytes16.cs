using System.Buffers.Binary;

namespace ErrorHub.Storage;

/// <summary>Hashes of 16 bytes as numbers: as keys of dictionaries they need no memory of their own. The order is that of the bytes.</summary>
internal static class Bytes16
{
    public static UInt128 Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static byte[] Of(UInt128 number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return bytes;
    }
}
