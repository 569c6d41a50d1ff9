using System.Buffers;

namespace ErrorHub.Web.Ingest;

/// <summary>A growing buffer of pooled memory. What points into <see cref="Written"/> must not outlive it.</summary>
internal sealed class PooledBuffer : IDisposable
{
    private const int InitialBytes = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Room to write into, never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (Length == _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
                _bytes.AsSpan(0, Length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }

            return _bytes.AsMemory(Length);
        }
    }

    public void Advance(int count) => Length += count;

    /// <summary>Appends a copy.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var part = bytes[..Math.Min(bytes.Length, Free.Length)];
            part.CopyTo(Free.Span);
            Advance(part.Length);
            bytes = bytes[part.Length..];
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
