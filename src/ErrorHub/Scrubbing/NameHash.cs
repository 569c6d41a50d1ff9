using System.Buffers.Binary;

namespace ErrorHub.Scrubbing;

/// <summary>The slot of a name in a table of those met last. Not for more: names that collide only cost what forgetting costs.</summary>
internal static class NameHash
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Mixes the length with the first and the last eight bytes, and those in the middle.</summary>
    internal static uint Of(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length * Prime;
        if (name.Length < sizeof(ulong))
        {
            foreach (var b in name)
                hash = (hash << 8 | hash >> 56) ^ b;
        }
        else
        {
            hash ^= BinaryPrimitives.ReadUInt64LittleEndian(name) * Prime;
            hash = (hash << 31 | hash >> 33) ^ BinaryPrimitives.ReadUInt64LittleEndian(name[(name.Length / 2 - 4)..]) * Prime;
            hash = (hash << 31 | hash >> 33) ^ BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }

        return (uint)((hash * Prime) >> 32);
    }
}
