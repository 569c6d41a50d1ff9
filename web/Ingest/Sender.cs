using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Web.Ingest;

/// <summary>A request whose key was admitted.</summary>
/// <param name="Key">The key.</param>
/// <param name="Client">What it calls itself, <c>sentry.python/2.0</c>; null when it does not say.</param>
/// <param name="Address">Where it comes from; null when unknown.</param>
/// <param name="ReceivedAt">When its body was there, UTC, microseconds.</param>
internal sealed record Sender(DirectoryEntry Key, string? Client, string? Address, DateTimeOffset ReceivedAt)
{
    public static Sender Of(HttpContext http, DirectoryEntry key, string? client, DateTimeOffset now)
    {
        var address = http.Connection.RemoteIpAddress;
        // A body may take minutes, and rules be tightened meanwhile: what counts is how the project scrubs now.
        key = http.RequestServices.GetRequiredService<ProjectDirectory>().Latest(key);
        return new Sender(
            key, client, (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString(),
            EventProcessor.Microseconds(now));
    }

    /// <summary>Whose attachments come with, before or after an event.</summary>
    public AttachmentOwner Owner(SentryId eventId) => new(Key.ProjectId, eventId, Key.RetentionDays, ReceivedAt, Key.Policy);

    /// <summary>The source of an event that came without an envelope.</summary>
    public EventSource Source() =>
        new(Key.ProjectId, Key.RetentionDays, null, new NormalizationContext(ReceivedAt, null, Address, null, Client), Key.Policy, Key.Splits, Key.Rules);

    /// <summary>The source of an envelope's event.</summary>
    public EventSource Source(EnvelopeHeader header) =>
        new(Key.ProjectId, Key.RetentionDays, header.EventId, new NormalizationContext(ReceivedAt, header.SentAt, Address, header.Sdk, Client), Key.Policy, Key.Splits, Key.Rules);
}
