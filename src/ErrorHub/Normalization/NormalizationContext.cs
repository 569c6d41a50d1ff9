using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>What normalising needs to know that the event does not say itself.</summary>
/// <param name="ReceivedAt">When the server received it.</param>
/// <param name="SentAt">When it was sent by the sender's clock (envelope header); null means no clock correction.</param>
/// <param name="ClientIp">Address of the sender; null when unknown.</param>
/// <param name="EnvelopeSdk">The SDK of the envelope header, for events that name none.</param>
/// <param name="Client">The <c>sentry_client</c> of the authentication, the last resort: <c>sentry.python/2.0.1</c>.</param>
public sealed record NormalizationContext(
    DateTimeOffset ReceivedAt, DateTimeOffset? SentAt, string? ClientIp, SentrySdk? EnvelopeSdk, string? Client);
