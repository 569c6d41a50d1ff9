using System.IO.Compression;
using System.Text;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Tests.Protocol.Envelopes;

public sealed class StoreBodyTests
{
    private const string Json = """{"message":"größe?>?>"}""";
    private const int Limit = 1_024 * 1_024;

    public static TheoryData<string, byte[]> Forms
    {
        get
        {
            var utf8 = Encoding.UTF8.GetBytes(Json);
            var base64 = Convert.ToBase64String(utf8);
            var deflated = Convert.ToBase64String(Deflate(utf8));
            return new()
            {
                { "plain", utf8 },
                { "byte order mark and blanks", [0xef, 0xbb, 0xbf, .. " \r\n"u8, .. utf8] },
                { "base64", Encoding.ASCII.GetBytes(base64) },
                { "base64 in lines", Encoding.ASCII.GetBytes(string.Join("\r\n", base64.Chunk(10).Select(c => new string(c)))) },
                { "base64 for URLs", Encoding.ASCII.GetBytes(base64.Replace('+', '-').Replace('/', '_').TrimEnd('=')) },
                { "base64 of zlib (raven)", Encoding.ASCII.GetBytes(deflated) },
                { "form with JSON", Encoding.ASCII.GetBytes("sentry_data=" + Uri.EscapeDataString(Json)) },
                { "form with base64", Encoding.ASCII.GetBytes("a=b&sentry=" + deflated) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void TryDecode_EveryForm_GivesTheJson(string form, byte[] body)
    {
        Assert.True(StoreBody.TryDecode(body, Limit, out var json, out var error), form + ": " + error?.Cause);
        Assert.Equal(Json, Encoding.UTF8.GetString(json.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("sentry_data=")]
    [InlineData("<html>")]
    [InlineData("aGFsbG8=")]
    // Found by fuzzing: a cut-off zlib stream with nothing in it, and one that asks for a dictionary.
    [InlineData("eAGr")]
    [InlineData("OOpOOOOOOOOj")]
    public void TryDecode_Nonsense_IsOneClearError(string body)
    {
        Assert.False(StoreBody.TryDecode(Encoding.UTF8.GetBytes(body), Limit, out _, out var error));
        Assert.False(error.TooLarge);
    }

    [Fact]
    public void TryDecode_Bomb_StopsAtTheLimit()
    {
        var bomb = Encoding.ASCII.GetBytes(Convert.ToBase64String(Deflate(new byte[50_000_000])));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(StoreBody.TryDecode(bomb, Limit, out _, out var error));

        Assert.True(error.TooLarge);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10 * Limit);
    }

    [Fact]
    public void TryDecode_JsonOverTheLimit_IsTooLarge()
    {
        Assert.False(StoreBody.TryDecode("{\"a\":1}"u8.ToArray(), 5, out _, out var error));
        Assert.True(error.TooLarge);
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(bytes);

        return output.ToArray();
    }
}
