using System.Buffers;
using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol;

/// <summary>Events from JSON text, as the tests write them.</summary>
internal static class Event
{
    internal static SentryEvent Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    internal static SentryEvent Parse(byte[] json)
    {
        Assert.True(EventJson.TryParse(json, out var e));
        return e;
    }

    internal static byte[] Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        return output.WrittenSpan.ToArray();
    }
}
