using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Normalization;

/// <summary>Events from JSON text, normalised as on their way in.</summary>
internal static class Normalized
{
    internal static readonly DateTimeOffset ReceivedAt = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Nothing known but the time: no clock of the sender, no address, no SDK.</summary>
    internal static readonly NormalizationContext Context = new(ReceivedAt, SentAt: null, ClientIp: null, EnvelopeSdk: null, Client: null);

    internal static SentryEvent Event(string json) => Event(json, Context);

    internal static SentryEvent Event(string json, NormalizationContext context)
    {
        var e = Protocol.Event.Parse(json);
        EventNormalizer.Apply(e, context);
        return e;
    }
}
