using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ErrorHub.Grouping;

/// <summary>A hash over components that outlives the process and the version of the runtime.</summary>
internal static class ComponentHash
{
    private const int Bytes = 16;

    // Between the parts, so that ("ab", "c") and ("a", "bc") differ: no UTF-8 text holds this byte.
    private const byte Separator = 0xff;

    /// <param name="kind">Which hash: the same parts must not give two kinds of hashes the same value.</param>
    /// <param name="version">Version of the algorithm.</param>
    /// <param name="components">The parts, in order.</param>
    internal static byte[] Of(string kind, short version, IReadOnlyList<Component> components)
    {
        var size = kind.Length + 16;
        for (var i = 0; i < components.Count; i++)
            size += Encoding.UTF8.GetMaxByteCount(components[i].Kind.Length + components[i].Value.Length) + 2;

        var text = ArrayPool<byte>.Shared.Rent(size);
        var length = Encoding.UTF8.GetBytes(kind, text);
        text[length++] = Separator;
        text[length++] = (byte)version;
        text[length++] = (byte)(version >> 8);
        for (var i = 0; i < components.Count; i++)
        {
            length += Encoding.UTF8.GetBytes(components[i].Kind, text.AsSpan(length));
            text[length++] = Separator;
            length += Encoding.UTF8.GetBytes(components[i].Value, text.AsSpan(length));
            text[length++] = Separator;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(text);
        return hash[..Bytes].ToArray();
    }
}
