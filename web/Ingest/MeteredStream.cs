namespace ErrorHub.Web.Ingest;

/// <summary>A limit is passed in the middle of reading; never leaves <see cref="BodyDecoder"/>.</summary>
internal sealed class BodyTooLargeException : Exception;

/// <summary>The body as sent: counts its bytes, stops at the limit, and remembers its last four.</summary>
internal sealed class MeteredStream(Stream inner, long maxBytes) : Stream
{
    private uint _tail;

    public long BytesRead { get; private set; }

    /// <summary>The last four bytes, little-endian: in gzip the length of the text.</summary>
    public uint Tail => _tail;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        BytesRead += read;
        if (BytesRead > maxBytes)
            throw new BodyTooLargeException();

        foreach (var b in buffer.Span[Math.Max(0, read - sizeof(uint))..read])
            _tail = (_tail >> 8) | ((uint)b << 24);

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Kestrel's bodies are read asynchronously.");

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
