using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace ErrorHub.Benchmarks.Load;

/// <summary>A kept-alive HTTP/1.1 connection that reads of an answer no more than its status and its end: HttpClient would take a core.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[16 * 1024];

    private Connection()
    {
    }

    public static async Task<Connection> OpenAsync(int port)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Sends a request and waits for the whole answer.</summary>
    /// <returns>The status.</returns>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request[sent..]);

        var received = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(received));
            if (read == 0)
                throw new BenchmarkException("the server closed a connection");

            received += read;
            if (TryReadStatus(_answer.AsSpan(0, received), out var status))
                return status;
        }
    }

    public void Dispose() => _socket.Dispose();

    // HTTP/1.1 200 OK … Content-Length: 41 …: both servers send the length with every answer.
    private static bool TryReadStatus(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;

        var field = answer.IndexOf("Content-Length: "u8);
        if (field < 0 || !Utf8Parser.TryParse(answer[(field + 16)..], out int length, out _) || !Utf8Parser.TryParse(answer[9..12], out status, out _))
            throw new BenchmarkException("an answer without a Content-Length");

        return answer.Length >= head + 4 + length;
    }
}
