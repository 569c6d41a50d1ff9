using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>What a user says of an error, or of the app: a <c>user_report</c> item, a <c>feedback</c> item, or the crash dialog's form.</summary>
public sealed record UserReport
{
    /// <summary>Most characters of what the user writes.</summary>
    public const int MaxComments = 4_096;

    /// <summary>The id of the report itself; null for a user report, which is known by its event.</summary>
    public SentryId? Id { get; init; }

    /// <summary>The event it is about; null when it is about the app.</summary>
    public SentryId? EventId { get; init; }

    /// <summary>Name of the user, at most 128 characters; empty when not given.</summary>
    public string Name { get; init; } = "";

    /// <summary>The user's address, at most 254 characters; empty when not given.</summary>
    public string Email { get; init; } = "";

    /// <summary>What the user writes, at most 4,096 characters; not empty.</summary>
    public required string Comments { get; init; }

    /// <summary>Where in the app, at most 2,048 characters; empty when not given.</summary>
    public string Url { get; init; } = "";

    // {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","name":"Ann","email":"ann@example.com","comments":"It broke"}
    /// <summary>Reads the payload of a <c>user_report</c> item; one without words is none.</summary>
    public static bool TryParseReport(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out UserReport? report)
    {
        report = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Of(root, "email", "comments") is not { } read)
                return false;

            report = SentryId.TryParse(Text(root, "event_id", 36), out var eventId) ? read with { EventId = eventId } : read;
            return true;
        }
    }

    // {"event_id":"…","contexts":{"feedback":{"message":"It broke","contact_email":"…","name":"…","url":"…","associated_event_id":"…"}}}
    /// <summary>Reads the payload of a <c>feedback</c> item, which is an event; one without a message is none.</summary>
    public static bool TryParseFeedback(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out UserReport? report)
    {
        report = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("contexts", out var contexts)
                || contexts.ValueKind != JsonValueKind.Object || !contexts.TryGetProperty("feedback", out var feedback)
                || feedback.ValueKind != JsonValueKind.Object || Of(feedback, "contact_email", "message") is not { } read)
                return false;

            report = read with
            {
                Id = SentryId.TryParse(Text(root, "event_id", 36), out var id) ? id : null,
                EventId = SentryId.TryParse(Text(feedback, "associated_event_id", 36), out var eventId) ? eventId : null,
                Url = Text(feedback, "url", 2_048) ?? "",
            };
            return true;
        }
    }

    /// <summary>A report of what a form says; null when the user wrote nothing.</summary>
    public static UserReport? Of(SentryId eventId, string? name, string? email, string? comments) =>
        Cut(comments, MaxComments) is { } words
            ? new UserReport { EventId = eventId, Name = Cut(name, 128) ?? "", Email = Cut(email, 254) ?? "", Comments = words }
            : null;

    private static UserReport? Of(JsonElement from, string email, string comments) =>
        Text(from, comments, MaxComments) is { } words
            ? new UserReport { Name = Text(from, "name", 128) ?? "", Email = Text(from, email, 254) ?? "", Comments = words }
            : null;

    private static string? Text(JsonElement from, string property, int limit) =>
        from.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? Cut(value.GetString(), limit) : null;

    private static string? Cut(string? text, int limit) => text?.Trim() is { Length: > 0 } words ? FreeFormJson.Cut(words, limit) : null;
}
