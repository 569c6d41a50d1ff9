using System.Net;
using System.Net.Sockets;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>A line between ErrorHub and its database that can be cut, as when the server is down, or go silent, as when a cable is pulled.</summary>
internal sealed class DatabaseLine : IAsyncDisposable
{
    private readonly IPEndPoint _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private TcpListener? _listener;
    private volatile TaskCompletionSource _flow = Flowing();

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
            await Task.WhenAny(PassAsync(near, far, isAnswer: false), PassAsync(far, near, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the database is really gone.
        }

        near.Dispose();
        far.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                await _flow.Task;
                if (isAnswer && Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _stop.Token);

                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }
}
