using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads stacks (protocol.md section 7.2): oldest call first, the crash site last.</summary>
internal static class StackTraceReader
{
    private const int MaxFrames = 250;

    // Beyond this many frames the ones in the middle keep their place but not their source lines and variables.
    private const int MaxDetailedFrames = 50;

    internal static SentryStackTrace? Read(JsonElement value, ValueReader values)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            if (!ValueReader.IsAbsent(value) && value.ValueKind != JsonValueKind.Array)
                values.Refuse("stacktrace", value);

            return null;
        }

        var stack = new SentryStackTrace();
        foreach (var property in value.EnumerateObject())
            switch (property.Name)
            {
                case "frames": stack.Frames = ReadFrames(property.Value, values); break;
                case "registers": stack.Registers = values.Object(property.Value, "stacktrace.registers", JsonBudget.Medium); break;
            }

        return stack.Frames.Count == 0 && stack.Registers is null ? null : stack;
    }

    private static List<SentryStackFrame> ReadFrames(JsonElement value, ValueReader values)
    {
        List<SentryStackFrame> frames = [];
        foreach (var item in values.List(value, "stacktrace.frames").TakeLast(MaxFrames))
        {
            if (item.ValueKind == JsonValueKind.Object)
                frames.Add(FrameReader.Read(item, values));
            else
                values.Refuse("stacktrace.frames", item);
        }

        for (var i = MaxDetailedFrames / 2; i < frames.Count - (MaxDetailedFrames / 2); i++)
        {
            frames[i].Vars = [];
            frames[i].PreContext = [];
            frames[i].PostContext = [];
        }

        return frames;
    }
}
