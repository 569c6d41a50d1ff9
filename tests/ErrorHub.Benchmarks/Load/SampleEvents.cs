using System.Buffers;
using System.Text.Json;

namespace ErrorHub.Benchmarks.Load;

/// <summary>
/// The real events of <c>shared/data/events/samples</c>, as an SDK would send them: without white space, which would flatter the
/// share of disk that a body takes, and without what is chosen anew for each request (id, time, fingerprint).
/// </summary>
internal sealed class SampleEvents
{
    private static readonly HashSet<string> ChosenPerRequest = ["event_id", "timestamp", "fingerprint"];

    private SampleEvents(IReadOnlyList<byte[]> members) => Members = members;

    /// <summary>Each event's members, from after its opening brace to its closing one.</summary>
    public IReadOnlyList<byte[]> Members { get; }

    /// <summary>The events; null when the corpora are not beside this repository.</summary>
    public static SampleEvents? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var samples = Path.Combine(folder.FullName, "shared", "data", "events", "samples");
            if (Directory.Exists(samples))
            {
                // In a fixed order, so that every run sends the same mix.
                var files = Directory.GetFiles(samples, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
                return new SampleEvents([.. files.Select(File.ReadAllBytes).Select(MembersOf)]);
            }
        }

        return null;
    }

    private static byte[] MembersOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        // Text as it was: escaping what need not be would make the JSON longer than what an SDK sends.
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject().Where(m => !ChosenPerRequest.Contains(m.Name)))
            member.WriteTo(writer);

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan[1..].ToArray();
    }
}
