using System.Security.Cryptography;
using System.Text;
using ErrorHub.Events;
using ZstdSharp;

namespace ErrorHub.Tests.Events;

/// <summary>How bodies are stored: whatever was ever stored must be read for ever.</summary>
public sealed class PayloadCodecTests
{
    private const string Json = """{"platform":"python","exception":{"values":[{"type":"KeyError","value":"x","stacktrace":{"frames":[]}}]}}""";

    [Fact]
    public void Dictionary_OfAKind_NeverChanges()
    {
        using var stream = typeof(PayloadCodec).Assembly.GetManifestResourceStream("events/bodies-1.zdict")!;

        Assert.Equal("832cd11d3ed117b8f4b7bba269653eba845f91730db1a1725a3d92413c72b388", Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Fact]
    public void Compress_Event_IsReadAgainAndSmaller()
    {
        var json = Encoding.UTF8.GetBytes(Json);
        using var plain = new Compressor(1);

        var body = PayloadCodec.Compress(json);

        Assert.Equal(json, PayloadCodec.Decompress(body, PayloadCodec.Kind, json.Length));
        Assert.True(body.Length * 2 < plain.Wrap(json).Length, $"{body.Length} bytes");
    }

    [Fact]
    public void Decompress_BodyOfBeforeTheDictionary_IsRead()
    {
        var json = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Json, 20)));
        using var plain = new Compressor(1);

        Assert.Equal(json, PayloadCodec.Decompress(plain.Wrap(json), PayloadCodecKind.Zstd, json.Length));
    }

    [Fact]
    public void Decompress_Damaged_SaysSo()
    {
        var body = PayloadCodec.Compress(Encoding.UTF8.GetBytes(Json));
        body[^3] ^= 0xff;

        Assert.Throws<InvalidDataException>(() => PayloadCodec.Decompress(body.AsSpan(0, body.Length - 2), PayloadCodec.Kind, Json.Length));
    }
}
