using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ErrorHub.Benchmarks.Load;
using ErrorHub.Demo;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ZstdSharp;

namespace ErrorHub.Benchmarks.Compression;

/// <summary>
/// Makes the dictionary that stored bodies are compressed with, from made-up events alone: the demo's, and one of each SDK's shape
/// (shapes.jsonl). Whatever somebody really sent must not be in a program that everybody has. It says what the dictionary saves on the
/// sample events, which it has not seen.
/// </summary>
internal static class TrainDictionary
{
    // Of 2 to 16 KiB the best on the samples.
    private const int Bytes = 4 * 1024;
    private const int DemoRounds = 12;
    private const int ShapeRounds = 40;

    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static int Run(string path, TextWriter output)
    {
        var dictionary = DictBuilder.TrainFromBuffer(Made(), Bytes);
        // The number behind the magic one names the dictionary in each frame; a small one takes one byte of it.
        BinaryPrimitives.WriteUInt32LittleEndian(dictionary.AsSpan(4), 1);
        File.WriteAllBytes(path, dictionary);
        output.WriteLine($"{path}: {dictionary.Length} bytes");
        if (SampleEvents.Find() is not { } samples)
            return 0;

        var bodies = samples.Members.Select(m => BodyOf((byte[])[(byte)'{', .. m])).ToList();
        using var with = new Compressor(1);
        with.LoadDictionary(dictionary);
        using var without = new Compressor(1);
        output.WriteLine($"{bodies.Count} samples: {bodies.Average(b => b.Length):N0} bytes of JSON, {bodies.Average(b => without.Wrap(b).Length):N0} without, {bodies.Average(b => with.Wrap(b).Length):N0} with it");
        return 0;
    }

    private static IEnumerable<byte[]> Made()
    {
        foreach (var app in DemoApp.LoadAll())
        {
            var project = new DemoProject(1, app, new DemoTime(Now, 1), new Random(7));
            for (var round = 0; round < DemoRounds; round++)
                foreach (var fault in app.Faults)
                    yield return BodyOf(project.EventOf(fault, Now.AddMinutes(-round)));
        }

        var shapes = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Compression", "shapes.jsonl"));
        for (var round = 0; round < ShapeRounds; round++)
            foreach (var shape in shapes)
                yield return BodyOf(Encoding.UTF8.GetBytes(shape));
    }

    private static byte[] BodyOf(byte[] json) => EventJson.TryParse(json, out var e) ? BodyOf(e) : throw new InvalidDataException("An event is no JSON.");

    private static byte[] BodyOf(SentryEvent e)
    {
        EventNormalizer.Apply(e, new NormalizationContext(Now, Now, null, null, null));
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(EventScrubber.Scrub(e, ScrubbingPolicy.Strict), output);
        return output.WrittenSpan.ToArray();
    }
}
