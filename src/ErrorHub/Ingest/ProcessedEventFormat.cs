using System.Text;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Ingest;

/// <summary>
/// A processed event as bytes, for the spool and the dead letters: it goes on where it stopped, and nothing is worked out twice.
/// The body stays compressed, and what was scrubbed stays scrubbed.
/// </summary>
public static class ProcessedEventFormat
{
    // A spool outlives the program that wrote it, and so does the journal of what is to be counted. A new field raises the version; older ones stay readable.
    private const byte Version = 2;
    private const byte WithoutPolicy = 1;

    /// <summary>The bytes of an event.</summary>
    public static byte[] Write(ProcessedEvent e)
    {
        var stream = new MemoryStream(e.Body.Length + 1024);
        using var to = new BinaryWriter(stream, Encoding.UTF8);
        Write(to, e);
        to.Flush();
        return stream.ToArray();
    }

    /// <summary>Writes an event to others.</summary>
    internal static void Write(BinaryWriter to, ProcessedEvent e)
    {
        to.Write(Version);
        to.Write(e.Id.ToByteArray());
        to.Write(e.ProjectId);
        to.Write(e.EventId.Value.ToByteArray());
        to.Write(e.ReceivedAt.UtcTicks);
        to.Write(e.Timestamp.UtcTicks);
        to.Write(e.RetentionDays);
        to.Write(e.Grouping.Hash.Value);
        to.Write(e.Grouping.Hash.Version);
        to.Write(e.Grouping.Variant);
        to.Write7BitEncodedInt(e.Grouping.Why.Count);
        foreach (var part in e.Grouping.Why)
            to.Write(part);

        WriteOrNull(to, e.Heading.Type);
        WriteOrNull(to, e.Heading.Value);
        to.Write(e.Heading.Title);
        to.Write(e.Heading.Culprit);
        WriteOrNull(to, e.Heading.Filename);
        WriteOrNull(to, e.Heading.Function);
        to.Write((byte)e.Level);
        to.Write(e.Platform);
        to.Write(e.Category);
        WriteOrNull(to, e.Logger);
        to.Write(e.Environment);
        to.Write(e.Release);
        to.Write((byte)(e.UserHash?.Length ?? 0));
        to.Write(e.UserHash ?? []);
        WriteOrNull(to, e.TraceId);
        to.Write(e.Handled switch { null => (byte)2, true => (byte)1, false => (byte)0 });
        to.Write7BitEncodedInt(e.Tags.Count);
        foreach (var (key, value) in e.Tags)
        {
            to.Write(key);
            to.Write(value);
        }

        to.Write(e.Policy);
        to.Write7BitEncodedInt(e.Removals.Count);
        foreach (var (rule, path, count) in e.Removals)
        {
            to.Write(rule);
            to.Write(path);
            to.Write7BitEncodedInt(count);
        }

        to.Write((byte)e.Codec);
        to.Write(e.BodyBytes);
        to.Write(e.Body.Length);
        to.Write(e.Body.Span);
    }

    /// <summary>The event of these bytes.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or a newer program wrote them.</exception>
    public static ProcessedEvent Read(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        return Read(from);
    }

    /// <summary>Reads one of several events.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or a newer program wrote it.</exception>
    internal static ProcessedEvent Read(BinaryReader from)
    {
        try
        {
            var version = from.ReadByte();
            if (version is not (Version or WithoutPolicy))
                throw new InvalidDataException($"A spooled event has the format {version}, which this program does not know.");

            return ReadFields(from, version);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("A spooled event is damaged.", e);
        }
    }

    private static ProcessedEvent ReadFields(BinaryReader from, byte version) => new()
    {
        Id = new Guid(from.ReadBytes(16)),
        ProjectId = from.ReadInt64(),
        EventId = new SentryId(new Guid(from.ReadBytes(16))),
        ReceivedAt = ReadTime(from),
        Timestamp = ReadTime(from),
        RetentionDays = from.ReadInt16(),
        Grouping = new GroupingResult(
            new IssueHash(from.ReadBytes(16), from.ReadInt16()), from.ReadString(), ReadList(from, static f => f.ReadString())),
        Heading = new EventHeading(
            ReadOrNull(from), ReadOrNull(from), from.ReadString(), from.ReadString(), ReadOrNull(from), ReadOrNull(from)),
        Level = (SentryLevel)from.ReadByte(),
        Platform = from.ReadString(),
        Category = from.ReadString(),
        Logger = ReadOrNull(from),
        Environment = from.ReadString(),
        Release = from.ReadString(),
        UserHash = from.ReadByte() is var length and > 0 ? from.ReadBytes(length) : null,
        TraceId = ReadOrNull(from),
        Handled = from.ReadByte() switch { 0 => false, 1 => true, _ => null },
        Tags = ReadList(from, static f => new KeyValuePair<string, string>(f.ReadString(), f.ReadString())),
        Policy = version == WithoutPolicy ? "" : from.ReadString(),
        Removals = version == WithoutPolicy ? [] : ReadList(from, static f => new RemovalCount(f.ReadString(), f.ReadString(), f.Read7BitEncodedInt())),
        Codec = (PayloadCodecKind)from.ReadByte(),
        BodyBytes = from.ReadInt32(),
        Body = from.ReadBytes(from.ReadInt32()),
    };

    private static DateTimeOffset ReadTime(BinaryReader from) => new(from.ReadInt64(), TimeSpan.Zero);

    private static void WriteOrNull(BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null)
            to.Write(text);
    }

    private static string? ReadOrNull(BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;

    private static T[] ReadList<T>(BinaryReader from, Func<BinaryReader, T> read)
    {
        var items = new T[from.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(from);

        return items;
    }
}
