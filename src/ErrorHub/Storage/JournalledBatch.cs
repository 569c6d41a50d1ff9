using System.Text;
using ErrorHub.Events;
using ErrorHub.Ingest;

namespace ErrorHub.Storage;

/// <summary>An event that is to be counted: all that counting needs, which is everything but the body.</summary>
/// <param name="Event">The event, without its body.</param>
/// <param name="IssueId">The issue it was written to.</param>
/// <param name="Kept">Whether it got a row, if it was stored.</param>
internal readonly record struct JournalledEvent(ProcessedEvent Event, Guid IssueId, bool Kept);

/// <summary>The events of a batch as one compressed note in the journal.</summary>
internal static class JournalledBatch
{
    /// <summary>The note of these events.</summary>
    public static byte[] Write(IEnumerable<JournalledEvent> events)
    {
        var stream = new MemoryStream(32 * 1024);
        using var to = new BinaryWriter(stream, Encoding.UTF8);
        foreach (var (e, issueId, kept) in events)
        {
            to.Write(issueId.ToByteArray());
            to.Write(kept);
            ProcessedEventFormat.Write(to, e with { Body = default });
        }

        to.Flush();
        var length = (int)stream.Length;
        return [.. BitConverter.GetBytes(length), .. PayloadCodec.Compress(stream.GetBuffer().AsSpan(0, length))];
    }

    /// <summary>The events of this note.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or a newer program wrote it.</exception>
    public static IReadOnlyList<JournalledEvent> Read(ReadOnlySpan<byte> note)
    {
        var bytes = PayloadCodec.Decompress(note[sizeof(int)..], PayloadCodec.Kind, BitConverter.ToInt32(note));
        using var stream = new MemoryStream(bytes, writable: false);
        using var from = new BinaryReader(stream, Encoding.UTF8);
        var events = new List<JournalledEvent>();
        while (stream.Position < bytes.Length)
        {
            var (issueId, kept) = (new Guid(from.ReadBytes(16)), from.ReadBoolean());
            events.Add(new JournalledEvent(ProcessedEventFormat.Read(from), issueId, kept));
        }

        return events;
    }
}
