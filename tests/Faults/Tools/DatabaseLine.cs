using System.Net;
using System.Net.Sockets;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>A moment of a batch's transaction, as the line sees it.</summary>
internal enum LinePoint
{
    BeforeBegin,
    BeforeWrite,
    BeforeCommit,
    AfterCommit,

    /// <summary>Notes of large batches have been taken to be counted.</summary>
    BeforeCounting,

    /// <summary>They are counted.</summary>
    AfterCounting,
}

/// <summary>A line between ErrorHub and its database that can be cut, as when the server is down, or go silent, as when a cable is pulled.</summary>
internal sealed class DatabaseLine : IAsyncDisposable
{
    // More than COMMIT and what ends the round trip take: without them the server has all but the end.
    private const int CommitBytes = 64;

    private readonly IPEndPoint _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private TcpListener? _listener;
    private volatile TaskCompletionSource _flow = Flowing();
    private volatile Trap? _trap;

    public DatabaseLine(string host, int port)
    {
        _database = new IPEndPoint(host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), port);
        Port = Installation.FreePort();
        Restore();
    }

    /// <summary>Where ErrorHub finds its database.</summary>
    public int Port { get; }

    /// <summary>How long an answer of the database is held up.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _listener?.Stop();
            _listener = null;
            foreach (var socket in _sockets)
                socket.Dispose();

            _sockets.Clear();
        }
    }

    /// <summary>Takes connections and bytes and passes nothing on, without a word.</summary>
    public void GoSilent() => _flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Goes silent at the next such moment, before the bytes that make it are passed on; ends when it has.</summary>
    public Task HoldAtAsync(LinePoint point, CancellationToken cancellationToken)
    {
        var trap = new Trap(point);
        _trap = trap;
        return trap.Sprung.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <summary>Works again.</summary>
    public void Restore()
    {
        _flow.TrySetResult();
        _flow = Flowing();
        lock (_lock)
        {
            if (_listener is not null)
                return;

            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _listener.Start();
            _ = AcceptAsync(_listener);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _flow.TrySetResult();
        _stop.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var near = await listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                lock (_lock)
                    _sockets.AddRange([near, far]);

                _ = JoinAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(_database);
            var talk = new Talk();
            await Task.WhenAny(PassAsync(near, far, talk, isAnswer: false), PassAsync(far, near, talk, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the database is really gone.
        }

        near.Dispose();
        far.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, Talk talk, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                var sent = 0;
                if (_trap is { } trap && talk.IsAt(trap.Point, buffer.AsSpan(0, read), isAnswer))
                {
                    _trap = null;
                    if (trap.Point == LinePoint.BeforeCommit)
                        sent = await SendAsync(to, buffer.AsMemory(0, Math.Max(0, read - CommitBytes)));

                    GoSilent();
                    trap.Sprung.TrySetResult();
                }

                talk.Note(buffer.AsSpan(0, read), isAnswer);
                await _flow.Task;
                if (isAnswer && Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _stop.Token);

                await SendAsync(to, buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }

    private static async Task<int> SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await to.SendAsync(bytes[sent..]);

        return bytes.Length;
    }

    private sealed class Trap(LinePoint point)
    {
        public LinePoint Point => point;

        public TaskCompletionSource Sprung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>
    /// Where a connection is in the transaction of a batch. Prepared statements are not seen as text: that events are written is told by
    /// their bodies, which are zstd frames, and nothing else has any.
    /// </summary>
    private sealed class Talk
    {
        private volatile bool _writes;
        private volatile bool _counts;

        public bool IsAt(LinePoint point, ReadOnlySpan<byte> bytes, bool isAnswer) => point switch
        {
            LinePoint.BeforeBegin => !isAnswer && Has(bytes, "BEGIN"u8),
            LinePoint.BeforeWrite => !isAnswer && Has(bytes, ZstdMagic),
            LinePoint.BeforeCommit => !isAnswer && (_writes || Has(bytes, ZstdMagic)) && bytes.EndsWith(Sync),
            LinePoint.AfterCommit => isAnswer && _writes && Has(bytes, "COMMIT"u8),
            // What is counted comes from the database as it went there, in zstd frames. Pages read some too, and nobody looks at one here.
            LinePoint.BeforeCounting => isAnswer && Has(bytes, ZstdMagic),
            _ => isAnswer && _counts && Has(bytes, "COMMIT"u8),
        };

        public void Note(ReadOnlySpan<byte> bytes, bool isAnswer)
        {
            if (!isAnswer && Has(bytes, ZstdMagic))
                _writes = true;
            else if (isAnswer && Has(bytes, ZstdMagic))
                _counts = true;
            else if (isAnswer && Has(bytes, "COMMIT"u8))
                _writes = _counts = false;
        }

        private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

        // The last message of all that goes in one round trip.
        private static ReadOnlySpan<byte> Sync => [(byte)'S', 0, 0, 0, 4];

        private static bool Has(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> words) => bytes.IndexOf(words) >= 0;
    }
}
