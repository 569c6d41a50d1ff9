using System.Buffers;
using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Fuzz.Targets;

/// <summary>The readers of an envelope's items, by type.</summary>
internal static class ItemTargets
{
    internal static void Run(EnvelopeItem item, EnvelopeHeader header)
    {
        Promise.Holds(DataCategory.Of(item.Header.Type).Length > 0 && DataCategory.QuantityOf(item) >= 1, "every item is counted");
        switch (item.Header.Type)
        {
            case "event":
                EventTarget.Run(item.Payload, header.SentAt, header.Sdk);
                break;
            case "session" or "sessions":
                Sessions(item.Payload);
                break;
            case "client_report":
                ClientReports(item.Payload);
                break;
            case "user_report" when UserReport.TryParseReport(item.Payload, out var report):
                Words(report);
                break;
            case "feedback" when UserReport.TryParseFeedback(item.Payload, out var feedback):
                Words(feedback);
                break;
            case "attachment":
                Attachment(item.Header);
                break;
            // In an envelope only counted; its reader stands behind /api/{project}/security/.
            case "security":
                Security(item.Payload);
                break;
        }
    }

    private static void Sessions(ReadOnlyMemory<byte> payload)
    {
        if (!SessionReport.TryParse(payload, out var report))
            return;

        Promise.Holds(report.Release.Length > 0, "sessions have a release");
        Promise.IsStorable(report.Release, 200, "the release");
        Promise.IsStorable(report.Environment, 64, "the environment");
        Promise.Holds(report.Update is null != (report.Aggregates.Count == 0), "sessions come one by one or counted");
        foreach (var aggregate in report.Aggregates)
            Promise.Holds(aggregate.Counts.Count > 0 && aggregate.Counts.Values.All(count => count > 0), "counted sessions are counted");
    }

    private static void ClientReports(ReadOnlyMemory<byte> payload)
    {
        if (!ClientReport.TryParse(payload, out var report))
            return;

        Promise.Holds(report.Discarded.Count <= 100, "a client's counts are limited in number");
        foreach (var (reason, category, quantity) in report.Discarded)
        {
            Promise.IsStorable(reason, 64, "a client's reason");
            Promise.IsStorable(category, 64, "a client's category");
            Promise.Holds(category.Length > 0 && quantity is >= 1 and <= int.MaxValue, "a client counts something");
        }
    }

    private static void Words(UserReport report)
    {
        Promise.Holds(report.Comments.Length > 0, "users say something");
        Promise.IsStorable(report.Comments, UserReport.MaxComments, "what a user says");
        Promise.IsStorable(report.Name, 128, "the user's name");
        Promise.IsStorable(report.Email, 254, "the user's address");
        Promise.IsStorable(report.Url, 2_048, "the place in the app");
    }

    private static void Attachment(ItemHeader header)
    {
        var name = AttachmentText.FilenameOf(header.Filename);
        Promise.Holds(name.Length > 0 && name.IndexOfAny(['/', '\\']) < 0, "a file name is one, and no path");
        Promise.IsStorable(name, AttachmentText.MaxFilename, "a file name");
        Promise.IsStorable(AttachmentText.ContentTypeOf(header.ContentType), AttachmentText.MaxContentType, "a media type");
        Promise.IsStorable(AttachmentText.KindOf(header.AttachmentType), 64, "a kind of attachment");
    }

    private static void Security(ReadOnlyMemory<byte> payload)
    {
        if (!CspReport.TryParse(payload, out var reports))
            return;

        Promise.Holds(reports.Count <= 100, "a browser's reports are limited in number");
        foreach (var report in reports)
        {
            var json = new ArrayBufferWriter<byte>(4 * 1024);
            EventJson.Write(CspEvent.Of(report, null, null), json);
            Promise.Holds(EventTarget.Run(json.WrittenMemory), "a report makes an event");
        }
    }
}
