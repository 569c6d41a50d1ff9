using System.Buffers.Binary;

namespace ErrorHub.Storage;

/// <summary>Our keys are uuidv7: a range of keys is a range of time.</summary>
internal static class TimeOrderedId
{
    /// <summary>Not greater than any key made at that time or later.</summary>
    public static Guid LowerBound(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        // 48 bits of milliseconds, then zeros.
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(time.ToUnixTimeMilliseconds(), 0) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
