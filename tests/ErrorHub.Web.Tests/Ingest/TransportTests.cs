using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using ErrorHub.Web.Ingest;
using ErrorHub.Web.Tests.Server;
using ZstdSharp;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Addresses, content types and encodings: rows 1 to 6 and 17 to 28 of protocol.md section 12.</summary>
public sealed class TransportTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData("/api/1/envelope/")]
    [InlineData("/api/1/envelope")]
    [InlineData("//api/1//envelope/")]
    public async Task Row01To03_PlainEnvelope_Stored(string path)
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(path, Sdk.EnvelopeOf(id), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/x-sentry-envelope")]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Row05And06_AnyContentType_Stored(string? contentType)
    {
        var id = Sdk.NewId();
        (string, string)[] headers = contentType is null ? [Sdk.Auth] : [Sdk.Auth, ("Content-Type", contentType)];

        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id), headers)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    public Task Row17And18_Gzip_Stored(string coding) => IsStoredAsync(coding, Gzip);

    [Fact]
    public Task Row19_DeflateInZlib_Stored() => IsStoredAsync("deflate", text => Compressed(text, to => new ZLibStream(to, CompressionLevel.Fastest)));

    [Fact]
    public Task Row19_BareDeflate_Stored() => IsStoredAsync("deflate", text => Compressed(text, to => new DeflateStream(to, CompressionLevel.Fastest)));

    [Fact]
    public async Task Row20_Brotli_StoredOnlyByASafeRuntime()
    {
        var id = Sdk.NewId();
        var body = Compressed(Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id)), to => new BrotliStream(to, CompressionLevel.Fastest));

        var answer = await _sdk.PostAsync(Sdk.Envelope, body, Sdk.Auth, ("Content-Encoding", "br"));

        if (BodyDecoder.ReadsBrotli)
        {
            answer.IsTaken(id);
            return;
        }

        answer.IsRefused(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("gzip, deflate, zstd", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        await _sdk.IsNotStoredAsync(id);
    }

    [Fact]
    public Task Row21_Zstd_Stored() => IsStoredAsync("zstd", Zstd);

    [Theory]
    [InlineData("")]
    [InlineData("UTF-8")]
    [InlineData("identity")]
    public Task Row22_NamesOfNoEncoding_Stored(string coding) => IsStoredAsync(coding, text => text);

    [Fact]
    public Task Row23_GzipHeaderOverPlainBody_Stored() => IsStoredAsync("gzip", text => text);

    [Fact]
    public Task Row24_GzipBodyWithoutHeader_Stored() => IsStoredAsync(null, Gzip);

    [Fact]
    public async Task Row25_CorruptGzip_400()
    {
        var id = Sdk.NewId();
        var body = Gzip(Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id)));
        // The last eight bytes are checksum and length.
        body[^7] ^= 0xff;

        (await _sdk.PostAsync(Sdk.Envelope, body, Sdk.Auth, ("Content-Encoding", "gzip"))).IsRefused(HttpStatusCode.BadRequest);

        await _sdk.IsNotStoredAsync(id);
    }

    [Fact]
    public async Task Row26_GzipCutOffInsideTheEvent_400()
    {
        var id = Sdk.NewId();
        var body = Gzip(Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id)));

        (await _sdk.PostAsync(Sdk.Envelope, body[..(body.Length / 2)], Sdk.Auth, ("Content-Encoding", "gzip"))).IsRefused(HttpStatusCode.BadRequest);

        await _sdk.IsNotStoredAsync(id);
    }

    [Theory]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("gzip", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("zstd", HttpStatusCode.RequestEntityTooLarge)]
    public async Task Row27_Bomb_RefusedAtOnce(string coding, HttpStatusCode expected)
    {
        var text = new byte[64 * 1024 * 1024];
        Encoding.UTF8.GetBytes("{}\n{\"type\":\"event\"}\n").CopyTo(text.AsSpan());
        var body = coding switch
        {
            "gzip" => Gzip(text),
            "zstd" => Zstd(text),
            _ => Compressed(text, to => new BrotliStream(to, CompressionLevel.Fastest)),
        };
        var start = Stopwatch.GetTimestamp();

        var answer = await _sdk.PostAsync(Sdk.Envelope, body, Sdk.Auth, ("Content-Encoding", coding));

        answer.IsRefused(coding == "br" && BodyDecoder.ReadsBrotli ? HttpStatusCode.RequestEntityTooLarge : expected);
        // It takes milliseconds; the rest is for a machine that runs all tests at once.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Row28_ChunksOfOneByteWithoutLength_Stored()
    {
        var id = Sdk.NewId();

        var answer = await _sdk.SendAsync(HttpMethod.Post, Sdk.Envelope, new OneByteChunks(Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id))), Sdk.Auth);

        answer.IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    private async Task IsStoredAsync(string? coding, Func<byte[], byte[]> encode)
    {
        var id = Sdk.NewId();
        (string, string)[] headers = coding is null ? [Sdk.Auth] : [Sdk.Auth, ("Content-Encoding", coding)];

        (await _sdk.PostAsync(Sdk.Envelope, encode(Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id))), headers)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    private static byte[] Gzip(byte[] text) => Compressed(text, to => new GZipStream(to, CompressionLevel.Fastest));

    private static byte[] Zstd(byte[] text)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(text).ToArray();
    }

    private static byte[] Compressed(byte[] text, Func<Stream, Stream> open)
    {
        using var to = new MemoryStream();
        using (var stream = open(to))
            stream.Write(text);

        return to.ToArray();
    }

    private sealed class OneByteChunks(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < body.Length; i++)
            {
                await stream.WriteAsync(body.AsMemory(i, 1));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
