using System.Text;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public class AttachmentScrubberTests
{
    private const string Log = "user é logged in\npaid with 4111 1111 1111 1111\n";
    private const string Clean = "user é logged in\npaid with [creditcard]\n";

    [Theory]
    [InlineData("utf-8", null)]
    [InlineData("utf-16", null)]
    [InlineData("utf-16BE", null)]
    [InlineData("latin1", "text/plain")]
    [InlineData("latin1", "Application/XML; charset=latin1")]
    public void Scrub_TextInAnEncoding_StaysInIt(string name, string? contentType)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] Bytes(string text) => [.. name == "latin1" ? [] : encoding.GetPreamble(), .. encoding.GetBytes(text)];

        Assert.Equal(Bytes(Clean), AttachmentScrubber.Scrub(Bytes(Log), contentType, ScrubbingPolicy.Strict).ToArray());
    }

    [Fact]
    public void Scrub_Json_IsReadByItsKeys() =>
        Assert.Equal("""{"a":{"password":"[Filtered]"},"b":1}""", Scrub("""{ "a": { "password": "x y" }, "b": 1 }"""));

    [Theory]
    [InlineData(new byte[] { (byte)'4', 0, (byte)'1' }, "text/plain")]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0xFF }, "image/png")]
    [InlineData(new byte[0], null)]
    public void Scrub_NoText_IsKeptAsSent(byte[] bytes, string? contentType)
    {
        ReadOnlyMemory<byte> sent = bytes;
        Assert.Equal(sent, AttachmentScrubber.Scrub(sent, contentType, ScrubbingPolicy.Strict));
    }

    [Fact]
    public void Scrub_NothingToFind_IsTheSame()
    {
        ReadOnlyMemory<byte> sent = Encoding.UTF8.GetBytes(Clean);
        Assert.Equal(sent, AttachmentScrubber.Scrub(sent, null, ScrubbingPolicy.Strict));
    }

    [Fact]
    public void Scrub_LongLogWithAKeyWhereItIsCut_LosesItWhole()
    {
        var lines = string.Concat(Enumerable.Repeat("all is well here\n", 61_000));
        var key = "-----BEGIN PRIVATE KEY-----\n" + string.Concat(Enumerable.Repeat("MIIEvQIBADANBgkqhkiG\n", 3_000)) + "-----END PRIVATE KEY-----\n";

        Assert.Equal(
            lines + "-----BEGIN PRIVATE KEY-----\n[pemkey]\n-----END PRIVATE KEY-----\n" + lines + Clean,
            Scrub(lines + key + lines + Log));
    }

    [Fact]
    public void Scrub_Feedback_KeepsWhereToAnswer()
    {
        var scrubbed = FeedbackScrubber.Scrub(new UserReport
        {
            Name = "Ann",
            Email = "ann@example.com",
            Comments = "my pin: 4711 and a@b.cc",
            Url = "https://example.org/?token=0123456789",
        }, ScrubbingPolicy.Strict);

        Assert.Equal(("Ann", "ann@example.com"), (scrubbed.Name, scrubbed.Email));
        Assert.Equal(("my pin: [Filtered] and [email]", "https://example.org/?token=[Filtered]"), (scrubbed.Comments, scrubbed.Url));
        Assert.Equal("[creditcard]", FeedbackScrubber.Scrub(scrubbed with { Email = "4111111111111111" }, ScrubbingPolicy.Strict).Email);
    }

    private static string Scrub(string text) => Encoding.UTF8.GetString(AttachmentScrubber.Scrub(Encoding.UTF8.GetBytes(text), null, ScrubbingPolicy.Strict).Span);
}
