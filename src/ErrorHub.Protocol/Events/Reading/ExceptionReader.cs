using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads exceptions (protocol.md section 7.1).</summary>
internal static class ExceptionReader
{
    private const int MaxExceptions = 100;

    internal static List<SentryException> Read(JsonElement value, ValueReader values)
    {
        List<SentryException> exceptions = [];
        // The last ones matter: the very last is what was raised.
        foreach (var item in values.List(value, "exception").TakeLast(MaxExceptions))
        {
            if (item.ValueKind != JsonValueKind.Object)
                values.Refuse("exception", item);
            else if (ReadOne(item, values) is { } exception)
                exceptions.Add(exception);
        }

        DropBrokenIds(exceptions);
        return exceptions;
    }

    // {"type":"ValueError","value":"boom","module":"app.models","mechanism":{…},"stacktrace":{"frames":[…]}}
    private static SentryException? ReadOne(JsonElement item, ValueReader values)
    {
        var exception = new SentryException();
        var left = JsonBudget.Large.Size;
        foreach (var property in item.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "type": exception.Type = values.Text(value, "exception.type", 256, 20); break;
                case "value": exception.Value = ValueReader.TextOrJson(value, 8_192, 200); break;
                case "module": exception.Module = values.Name(value, "exception.module", 256); break;
                case "thread_id": exception.ThreadId = values.Name(value, "exception.thread_id", 128); break;
                case "mechanism": exception.Mechanism = MechanismReader.Read(value, values); break;
                case "stacktrace": exception.StackTrace = StackTraceReader.Read(value, values); break;
                // Before symbolication: twice the size, and never shown.
                case "raw_stacktrace": break;
                default:
                    if (!ValueReader.IsAbsent(value))
                        ValueReader.AddWithin(exception.Other, property.Name, value, JsonBudget.Medium, ref left);
                    break;
            }
        }

        SplitTypeFromValue(exception);
        // Without type and value it is only a carrier of a stack: @sentry/node 11 sends that with every captureMessage.
        return exception.Type is null && exception.Value is null && exception.StackTrace is null ? null : exception;
    }

    /// <summary>Old SDKs wrote <c>ValueError: boom</c> into the value and left the type out.</summary>
    private static void SplitTypeFromValue(SentryException exception)
    {
        if (exception.Type is not null || exception.Value is not { } value)
            return;

        var colon = value.IndexOf(": ", StringComparison.Ordinal);
        if (colon is <= 0 or > 128 || !char.IsAsciiLetter(value[0]) || !value[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'))
            return;

        (exception.Type, exception.Value) = (value[..colon], value[(colon + 2)..]);
    }

    /// <summary>Ids that do not form one tree say nothing, so the exceptions stay a plain chain.</summary>
    private static void DropBrokenIds(List<SentryException> exceptions)
    {
        if (exceptions.TrueForAll(x => x.Mechanism?.ExceptionId is null) || FormOneTree(exceptions))
            return;

        foreach (var mechanism in exceptions.Select(x => x.Mechanism).OfType<Mechanism>())
            (mechanism.ExceptionId, mechanism.ParentId) = (null, null);
    }

    private static bool FormOneTree(List<SentryException> exceptions)
    {
        Dictionary<int, int?> parents = [];
        foreach (var exception in exceptions)
            if (exception.Mechanism is not { ExceptionId: { } id } mechanism || !parents.TryAdd(id, mechanism.ParentId))
                return false;

        foreach (var start in parents.Keys)
        {
            int? at = start;
            for (var steps = 0; at is { } id; steps++)
            {
                if (steps > parents.Count || !parents.TryGetValue(id, out at))
                    return false;
            }
        }

        return parents.Values.Count(parent => parent is null) == 1;
    }
}
