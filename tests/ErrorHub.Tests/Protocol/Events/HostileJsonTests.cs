using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

/// <summary>What System.Text.Json refuses, or accepts and trips over later (protocol.md section 3.4).</summary>
public sealed class HostileJsonTests
{
    [Theory]
    [InlineData("""{"message":"cut \ud83d"}""", "cut \ufffd")]
    [InlineData("""{"message":"\ude00 cut"}""", "\ufffd cut")]
    [InlineData("""{"message":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"message":"\\ud83d\ude00"}""", "\\ud83d\ufffd")]
    [InlineData("""{"message":"\\\ud83d\ude00"}""", "\\😀")]
    [InlineData("""{"message":"a\u0000b"}""", "a\u2400b")]
    [InlineData("""{"message":"a\\u0000b"}""", "a\\u0000b")]
    [InlineData("{\"message\":\"a\0b\tc\nd\"}", "a\u2400b\tc\nd")]
    [InlineData("\ufeff\r\n {\"message\":\"bom\"}", "bom")]
    [InlineData("""{"message":"first","message":"last"}""", "last")]
    [InlineData("""{"message":"NaN Infinity","extra":{"a":NaN,"b":-Infinity,"c":Infinity}}""", "NaN Infinity")]
    public void TryParse_RepairableText_IsRead(string json, string message) => Assert.Equal(message, Event.Parse(json).Message?.Text);

    [Fact]
    public void TryParse_InvalidUtf8_IsReplaced()
    {
        byte[] json = [.. "{\"message\":\"a"u8, 0xff, 0xed, 0xa0, 0x80, .. "b\"}"u8];

        Assert.Equal("a\ufffd\ufffd\ufffd\ufffdb", Event.Parse(json).Message?.Text);
    }

    [Fact]
    public void TryParse_NumbersJsonDoesNotHave_BecomeNull()
    {
        var extra = Event.Parse("""{"extra":{"a":NaN,"b":-Infinity,"c":[Infinity,1e400,123456789012345678901234567890]}}""").Extra;

        Assert.Equal("null", extra["a"].GetRawText());
        Assert.Equal("null", extra["b"].GetRawText());
        Assert.Equal("[null,1e400,123456789012345678901234567890]", extra["c"].GetRawText());
    }

    [Fact]
    public void TryParse_DuplicateNamesInside_KeepTheLast()
    {
        var e = Event.Parse("""{"extra":{"a":1,"a":{"b":1,"b":2}},"extra":{"a":{"b":1,"b":2,"b":3}}}""");

        Assert.Equal("""{"b":3}""", e.Extra["a"].GetRawText());
    }

    [Fact]
    public void TryParse_Depth200_IsCutToText()
    {
        var json = "{\"extra\":{\"a\":" + new string('[', 200) + "1" + new string(']', 200) + "}}";

        Assert.Equal("[[[[[[[\"[[", Event.Parse(json).Extra["a"].GetRawText()[..10]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":tru}")]
    public void TryParse_NoObject_IsFalse(string json) => Assert.False(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void TryParse_DepthBeyond512_IsFalse() =>
        Assert.False(EventJson.TryParse(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000)), out _));

    [Fact]
    public void TryParse_PooledBuffer_KeepsNothingOfIt()
    {
        var buffer = "{\"extra\":{\"a\":{\"b\":[1,2]}},\"message\":\"hi\"}"u8.ToArray();
        var e = Event.Parse(buffer);

        Array.Fill(buffer, (byte)'x');

        Assert.Equal("""{"b":[1,2]}""", e.Extra["a"].GetRawText());
    }
}
