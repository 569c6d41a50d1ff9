using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>How bytes travel: rows 29 and 31 of protocol.md section 12.</summary>
public sealed class ConnectionTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row29_Expect100Continue_IsAnsweredBeforeTheBodyIsSent()
    {
        var id = Sdk.NewId();
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id) + "\n{\"type\":\"attachment\",\"length\":2097152,\"filename\":\"log\"}\n"),
            .. new byte[2 * 1024 * 1024],
        ];
        using var client = new TcpClient();
        await client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port, Cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/1/envelope/?sentry_key={Sdk.Key} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"),
            Cancelled);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Cancelled));
        await stream.WriteAsync(body, Cancelled);
        await reader.ReadLineAsync(Cancelled);
        var answer = await reader.ReadToEndAsync(Cancelled);

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row31_SlowUpload_IsWaitedFor()
    {
        var id = Sdk.NewId();
        var body = Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id, Sdk.Event(id, $",\"extra\":{{\"text\":\"{new string('x', 1_800)}\"}}")));

        (await _sdk.SendAsync(HttpMethod.Post, Sdk.Envelope, new SlowContent(body, bytesPerSecond: 200), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    /// <summary>A phone in a tunnel. The time that passes is what is tested: Kestrel cuts off by it.</summary>
    private sealed class SlowContent(byte[] body, int bytesPerSecond) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var sent = 0; sent < body.Length; sent += bytesPerSecond)
            {
                await stream.WriteAsync(body.AsMemory(sent, Math.Min(bytesPerSecond, body.Length - sent)));
                await stream.FlushAsync();
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}

/// <summary>Row 30 of protocol.md section 12.</summary>
public sealed class Http2Tests(TlsErrorHubServer server) : IClassFixture<TlsErrorHubServer>
{
    [Fact]
    public async Task Row30_Http2OverTls_Stored()
    {
        var id = Sdk.NewId();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == server.Thumbprint;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.BaseAddress, Sdk.Envelope))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Sdk.EnvelopeOf(id)),
        };
        request.Headers.Add(Sdk.Auth.Item1, Sdk.Auth.Item2);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal($$"""{"id":"{{id}}"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await new Sdk(server).StoredAsync(id);
    }
}

/// <summary>The server behind a certificate of its own making, as Kestrel takes it from the configuration.</summary>
public sealed class TlsErrorHubServer : ErrorHubServer
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"errorhub-{Guid.NewGuid():N}.pfx");

    public string Thumbprint { get; private set; } = "";

    protected override IEnumerable<string> Settings => ["--urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={_file}", "--Kestrel:Certificates:Default:Password=test"];

    public override ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Thumbprint = certificate.GetCertHashString();
        File.WriteAllBytes(_file, certificate.Export(X509ContentType.Pfx, "test"));
        return base.InitializeAsync();
    }

    protected override ValueTask RemoveDatabaseAsync()
    {
        File.Delete(_file);
        return base.RemoveDatabaseAsync();
    }
}
