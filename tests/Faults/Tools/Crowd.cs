using System.Diagnostics;
using System.Net.Sockets;

namespace ErrorHub.Faults.Tools;

/// <summary>Many connections to ErrorHub that are open and say little.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly List<Socket> _sockets;

    private Crowd(List<Socket> sockets) => _sockets = sockets;

    /// <summary>Opens connections and sends nothing.</summary>
    public static async Task<Crowd> ConnectAsync(Uri server, int count, CancellationToken cancellationToken)
    {
        var sockets = new List<Socket>(count);
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        }

        return new Crowd(sockets);
    }

    /// <summary>Sends the same bytes on every connection.</summary>
    public async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        foreach (var socket in _sockets)
            await socket.SendAsync(bytes, cancellationToken);
    }

    /// <summary>Sends byte after byte until the server has ended every connection; fails when it does not.</summary>
    public async Task TrickleUntilCutAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var open = _sockets.ToList();
        var started = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (open.Count > 0)
        {
            Assert.True(started.Elapsed < limit, $"{open.Count} slow connections are still open");
            await pause.WaitForNextTickAsync(cancellationToken);
            foreach (var socket in open.ToArray())
            {
                try
                {
                    // Readable is an answer such as 408, or the end.
                    if (socket.Poll(0, SelectMode.SelectRead))
                        open.Remove(socket);
                    else
                        await socket.SendAsync("x"u8.ToArray(), cancellationToken);
                }
                catch (SocketException)
                {
                    open.Remove(socket);
                }
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
            socket.Dispose();

        return ValueTask.CompletedTask;
    }
}
