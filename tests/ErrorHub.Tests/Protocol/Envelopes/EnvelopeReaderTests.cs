using System.Text;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Tests.Protocol.Envelopes;

public sealed class EnvelopeReaderTests
{
    private const string Id = "9ec79c33ec9942ab8353589fcb2e04dc";
    private const string Header = $$"""{"event_id":"{{Id}}"}""";

    [Fact]
    public void TryRead_ExplicitLengths_BinaryPayloadsAreIdentical()
    {
        byte[] binary = [0x0d, 0x0a, 0x00, 0x0a, 0xff, 0x0d];
        foreach (var end in (string[])["", "\n"])
        {
            byte[] body =
            [
                .. Encoding.UTF8.GetBytes(Header + "\n{\"type\":\"event\",\"length\":2}\n{}\n{\"type\":\"attachment\",\"length\":6,\"filename\":\"a.bin\"}\n"),
                .. binary,
                .. Encoding.UTF8.GetBytes(end),
            ];

            var envelope = Read(body);

            Assert.Equal(Id, envelope.Header.EventId.ToString());
            Assert.Equal(["event", "attachment"], envelope.Items.Select(i => i.Header.Type));
            Assert.Equal(binary, envelope.Items[1].Payload.ToArray());
            Assert.Equal("a.bin", envelope.Items[1].Header.Filename);
        }
    }

    [Fact]
    public void TryRead_AttachmentFirst_EmptyAndAtEnd_AllAreItems()
    {
        var envelope = Read($"{Header}\n{{\"type\":\"attachment\",\"length\":3}}\nabc\n{{\"type\":\"event\"}}\n{{}}\n"
            + "{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"attachment\",\"length\":0}");

        Assert.Equal(["abc", "{}", "", ""], envelope.Items.Select(i => Encoding.UTF8.GetString(i.Payload.Span)));
    }

    [Fact]
    public void TryRead_ImplicitLengths_EachPayloadIsALine()
    {
        var envelope = Read($"{Header}\n{{\"type\":\"session\"}}\n{{\"a\":1}}\n{{\"type\":\"event\"}}\n{{\"b\":2}}\n{{\"type\":\"client_report\"}}\n{{\"c\":3}}");

        Assert.Equal(["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"], envelope.Items.Select(i => Encoding.UTF8.GetString(i.Payload.Span)));
    }

    [Theory]
    [InlineData("\ufeff\n\n{H}\r\n{\"type\":\"event\"}\r\n{}\r\n")]
    [InlineData("{H}\n\n\n{\"type\":\"event\",\"length\":2}\r\n{}\r\n\r\n")]
    [InlineData("{H}\n{\"type\":\"event\",\"length\":\"2\"}\n{}\n\n")]
    [InlineData("{H}\n{\"type\":\"event\",\"length\":2.0}\n{}")]
    [InlineData("{H}\n{\"type\":\"event\",\"length\":null}\n{}")]
    public void TryRead_BlankLinesAndOddLineEnds_OneEvent(string template)
    {
        var item = Assert.Single(Read(template.Replace("{H}", Header, StringComparison.Ordinal)).Items);

        Assert.Equal("{}", Encoding.UTF8.GetString(item.Payload.Span).TrimEnd('\r'));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{}\n")]
    [InlineData(" { } \r\n\n")]
    public void TryRead_HeaderOnly_IsAnEmptyEnvelope(string body)
    {
        var envelope = Read(body);

        Assert.Empty(envelope.Items);
        Assert.Null(envelope.Header.EventId);
    }

    [Fact]
    public void TryRead_UnknownTypes_AreSkippedOverTheirLength()
    {
        var envelope = Read("{}\n{\"lol\":\"haha\"}\n{}\n{\"type\":\"foo_bar\",\"length\":4}\n\n{\"\n\n{\"type\":\"event\"}\n{\"x\":1}");

        Assert.Equal(["", "foo_bar", "event"], envelope.Items.Select(i => i.Header.Type));
        Assert.Equal("{\"x\":1}", Encoding.UTF8.GetString(envelope.Items[2].Payload.Span));
    }

    [Theory]
    [InlineData("", "empty request body")]
    [InlineData("\n\n\n", "empty request body")]
    [InlineData("not json\n", "invalid event envelope")]
    [InlineData("[]\n", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":-1}\n{}", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":\"x\"}\n{}", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":1e300}\n{}", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"event\",\"length\":5}\n{\"a\"", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":50}\nabc", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"attachment\",\"length\":1}\nabc", "invalid event envelope")]
    [InlineData("{}\n{\"type\":\"event\"}\n{\n \"a\": 1\n}", "invalid event envelope")]
    public void TryRead_BrokenFraming_IsOneClearError(string body, string detail)
    {
        Assert.False(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(body), EnvelopeLimits.Default, out _, out var error));
        Assert.Equal(detail, error.Detail);
        Assert.False(error.TooLarge);
    }

    [Fact]
    public void TryRead_InvalidUtf8InHeader_IsRefused() =>
        Assert.False(EnvelopeReader.TryRead((byte[])[(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}'], EnvelopeLimits.Default, out _, out _));

    [Fact]
    public void TryRead_AttachmentCutShort_KeepsTheEventBeforeIt()
    {
        var envelope = Read("{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"attachment\",\"length\":500}\nabc");

        Assert.Equal("event", Assert.Single(envelope.Items).Header.Type);
        Assert.Contains("attachment", envelope.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(3)]
    public void TryRead_EventWithWrongLengthButWholeJson_IsRecovered(int length)
    {
        var envelope = Read($"{{}}\n{{\"type\":\"event\",\"length\":{length}}}\n{{\"a\":1}}");

        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(Assert.Single(envelope.Items).Payload.Span));
    }

    [Fact]
    public void TryRead_HeaderValuesOfWrongKind_AreLeftOutOneByOne()
    {
        var envelope = Read("""{"event_id":"nonsense","dsn":5,"sent_at":"garbage","sdk":"x","trace":[1],"unknown":{}}""");

        Assert.Equal(new EnvelopeHeader(), envelope.Header);
    }

    [Theory]
    [InlineData("2026-07-01T10:00:00+00:00")]
    [InlineData("2026-07-01T10:00:00.000000000Z")]
    [InlineData("2026-07-01T18:00:00+08:00")]
    [InlineData("2020-01-01T00:00:00Z\",\"sent_at\":\"2026-07-01T10:00:00Z")]
    public void TryRead_SentAtForms_AreOneTime(string sentAt) =>
        Assert.Equal(
            new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero),
            Read($"{{\"sent_at\":\"{sentAt}\"}}").Header.SentAt);

    [Fact]
    public void TryRead_DashedUpperCaseId_IsTheSameId() =>
        Assert.Equal(Id, Read("""{"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC"}""").Header.EventId.ToString());

    [Fact]
    public void TryRead_OverLimit_EventFailsAttachmentIsDropped()
    {
        var limits = new EnvelopeLimits { MaxUntrimmedEventBytes = 10, MaxAttachmentBytes = 5, MaxAttachments = 1 };
        var attachments = "{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"attachment\",\"length\":6}\n123456\n"
            + "{\"type\":\"attachment\",\"length\":2}\n12\n{\"type\":\"attachment\",\"length\":2}\n12";

        Assert.True(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(attachments), limits, out var envelope, out _));
        Assert.Equal([false, true, false, true], envelope.Items.Select(i => i.TooLarge));

        Assert.False(EnvelopeReader.TryRead("{}\n{\"type\":\"event\"}\n{\"a\":\"12345\"}"u8.ToArray(), limits, out _, out var error));
        Assert.True(error.TooLarge);
    }

    [Fact]
    public void TryRead_TooManyItemsOrTooLongLines_AreRefused()
    {
        var many = "{}" + string.Concat(Enumerable.Repeat("\n{\"type\":\"x\"}\n{}", 1_001));
        var longHeader = "{\"trace\":\"" + new string('a', 1_000_000) + "\"}";

        Assert.False(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(many), EnvelopeLimits.Default, out _, out _));
        Assert.False(EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(longHeader), EnvelopeLimits.Default, out _, out var error));
        Assert.False(error.TooLarge);
    }

    private static Envelope Read(string body) => Read(Encoding.UTF8.GetBytes(body));

    private static Envelope Read(byte[] body)
    {
        Assert.True(EnvelopeReader.TryRead(body, EnvelopeLimits.Default, out var envelope, out var error), error?.Cause);
        return envelope;
    }
}
