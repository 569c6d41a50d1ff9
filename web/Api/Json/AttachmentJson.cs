using System.Text.Json.Serialization;
using ErrorHub.Attachments;

namespace ErrorHub.Web.Api;

/// <summary>An attachment.</summary>
/// <param name="Id">Our key.</param>
/// <param name="EventId">Its event.</param>
/// <param name="Type">Sentry's kind, such as <c>event.attachment</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mimetype">The media type its sender gave it.</param>
/// <param name="DateCreated">When it was received.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Headers">What Sentry keeps of the upload's headers.</param>
/// <param name="Sha1">Always null: see <paramref name="Errorhub"/>.</param>
/// <param name="Errorhub">What is ErrorHub's own.</param>
internal sealed record AttachmentJson(
    string Id, [property: JsonPropertyName("event_id")] string EventId, string Type, string Name, string Mimetype, DateTimeOffset DateCreated,
    long Size, IReadOnlyDictionary<string, string> Headers, string? Sha1, AttachmentOwnJson Errorhub)
{
    public static AttachmentJson Of(AttachmentRow row)
    {
        var type = row.ContentType ?? "application/octet-stream";
        return new AttachmentJson(
            row.Id.ToString(), row.EventId.ToString(), row.Kind, row.Filename, type, row.CreatedAt, row.Bytes,
            new Dictionary<string, string> { ["Content-Type"] = type }, null, new AttachmentOwnJson(Convert.ToHexStringLower(row.Sha256)));
    }
}

/// <summary>ErrorHub's own part of an attachment.</summary>
internal sealed record AttachmentOwnJson(string Sha256);
