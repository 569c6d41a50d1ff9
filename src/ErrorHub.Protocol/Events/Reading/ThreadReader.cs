using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads threads.</summary>
internal static class ThreadReader
{
    private const int MaxThreads = 256;

    // {"values":[{"id":1,"name":"main","crashed":true,"current":true,"stacktrace":{"frames":[…]}}]}
    internal static List<SentryThread> Read(JsonElement value, ValueReader values)
    {
        List<SentryThread> threads = [];
        foreach (var item in values.List(value, "threads").Take(MaxThreads))
        {
            if (item.ValueKind == JsonValueKind.Object)
                threads.Add(ReadOne(item, values));
            else
                values.Refuse("threads", item);
        }

        return threads;
    }

    private static SentryThread ReadOne(JsonElement item, ValueReader values)
    {
        var thread = new SentryThread();
        var left = JsonBudget.Large.Size;
        foreach (var property in item.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "id": thread.Id = values.Name(value, "threads.id", 128); break;
                case "name": thread.Name = values.Name(value, "threads.name", 1_024); break;
                case "crashed": thread.Crashed = values.Bool(value, "threads.crashed") ?? false; break;
                case "current": thread.Current = values.Bool(value, "threads.current") ?? false; break;
                case "stacktrace": thread.StackTrace = StackTraceReader.Read(value, values); break;
                case "raw_stacktrace": break;
                default:
                    if (!ValueReader.IsAbsent(value))
                        ValueReader.AddWithin(thread.Other, property.Name, value, JsonBudget.Medium, ref left);
                    break;
            }
        }

        return thread;
    }
}
