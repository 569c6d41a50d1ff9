using System.Text.Json;
using System.Text.Json.Serialization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Web.Api;

/// <summary>A part of an event: exception, stacktrace, threads, breadcrumbs, request or message.</summary>
/// <param name="Type">Which part.</param>
/// <param name="Data">Its content.</param>
internal sealed record EntryJson(string Type, object Data)
{
    /// <summary>The parts an event has, in the order pages show them.</summary>
    public static IReadOnlyList<EntryJson> Of(SentryEvent e)
    {
        var entries = new List<EntryJson>();
        if (e.Message is { } message)
            entries.Add(new EntryJson("message", new MessageJson(message.Formatted, message.Message, message.Params)));

        if (e.Exceptions.Count > 0)
        {
            var values = e.Exceptions.Select(exception => ExceptionJson.Of(exception, e.Platform)).ToList();
            entries.Add(new EntryJson(
                "exception", new ExceptionsJson(values, values.Exists(value => value.Stacktrace?.HasSystemFrames == true))));
        }

        if (e.StackTrace is { } stack)
            entries.Add(new EntryJson("stacktrace", StackTraceJson.Of(stack, e.Platform)));

        if (e.Threads.Count > 0)
            entries.Add(new EntryJson("threads", new ThreadsJson([.. e.Threads.Select(thread => ThreadJson.Of(thread, e.Platform))])));

        if (e.Breadcrumbs.Count > 0)
            entries.Add(new EntryJson("breadcrumbs", new BreadcrumbsJson([.. e.Breadcrumbs.Select(BreadcrumbJson.Of)])));

        if (e.Request is { } request)
            entries.Add(new EntryJson("request", RequestJson.Of(request)));

        return entries;
    }
}

internal sealed record MessageJson(string? Formatted, string? Message, JsonElement? Params);

internal sealed record ExceptionsJson(IReadOnlyList<ExceptionJson> Values, bool HasSystemFrames);

internal sealed record ExceptionJson(
    string? Type, string? Value, string? Module, string? ThreadId, MechanismJson? Mechanism, StackTraceJson? Stacktrace)
{
    public static ExceptionJson Of(SentryException exception, string platform) => new(
        exception.Type, exception.Value, exception.Module, exception.ThreadId,
        exception.Mechanism is { } mechanism ? MechanismJson.Of(mechanism) : null,
        exception.StackTrace is { } stack ? StackTraceJson.Of(stack, platform) : null);
}

internal sealed record MechanismJson(
    string Type, bool? Handled, bool Synthetic, string? Description, string? Source,
    [property: JsonPropertyName("is_exception_group")] bool IsExceptionGroup,
    [property: JsonPropertyName("exception_id")] int? ExceptionId, [property: JsonPropertyName("parent_id")] int? ParentId,
    JsonElement? Data, JsonElement? Meta)
{
    public static MechanismJson Of(Mechanism mechanism) => new(
        mechanism.Type, mechanism.Handled, mechanism.Synthetic, mechanism.Description, mechanism.Source, mechanism.IsExceptionGroup,
        mechanism.ExceptionId, mechanism.ParentId, mechanism.Data, mechanism.Meta);
}

internal sealed record StackTraceJson(IReadOnlyList<FrameJson> Frames, JsonElement? Registers, bool HasSystemFrames)
{
    public static StackTraceJson Of(SentryStackTrace stack, string platform) => new(
        [.. stack.Frames.Select(frame => FrameJson.Of(frame, platform))], stack.Registers,
        stack.Frames.Exists(frame => frame.InApp == true) && stack.Frames.Exists(frame => frame.InApp != true));
}

/// <summary>One call; <paramref name="Context"/> holds pairs of line number and source line.</summary>
internal sealed record FrameJson(
    string? Filename, string? AbsPath, string? Module, string? Package, string? Platform, string? InstructionAddr, string? Function,
    string? RawFunction, IReadOnlyList<object[]> Context, int? LineNo, int? ColNo, bool InApp,
    IReadOnlyDictionary<string, JsonElement> Vars)
{
    public static FrameJson Of(SentryStackFrame frame, string platform) => new(
        frame.Filename, frame.AbsPath, frame.Module, frame.Package, frame.Platform ?? platform, frame.InstructionAddr, frame.Function,
        frame.RawFunction, ContextOf(frame), frame.LineNo, frame.ColNo, frame.InApp == true, frame.Vars);

    private static object[][] ContextOf(SentryStackFrame frame)
    {
        if (frame.LineNo is not { } line || frame.ContextLine is not { } text)
            return [];

        var first = line - frame.PreContext.Count;
        return [.. frame.PreContext.Append(text).Concat(frame.PostContext).Select((source, i) => new object[] { first + i, source })];
    }
}

internal sealed record ThreadsJson(IReadOnlyList<ThreadJson> Values);

internal sealed record ThreadJson(string? Id, string? Name, bool Crashed, bool Current, StackTraceJson? Stacktrace)
{
    public static ThreadJson Of(SentryThread thread, string platform) => new(
        thread.Id, thread.Name, thread.Crashed, thread.Current,
        thread.StackTrace is { } stack ? StackTraceJson.Of(stack, platform) : null);
}

internal sealed record BreadcrumbsJson(IReadOnlyList<BreadcrumbJson> Values);

internal sealed record BreadcrumbJson(
    string Type, string? Category, string Level, string? Message, DateTimeOffset? Timestamp, JsonElement? Data)
{
    public static BreadcrumbJson Of(Breadcrumb breadcrumb) => new(
        breadcrumb.Type, breadcrumb.Category, IssueJson.LevelOf(breadcrumb.Level), breadcrumb.Message, breadcrumb.Timestamp,
        breadcrumb.Data);
}

/// <summary>The HTTP request; lists of pairs keep the order and repeated keys.</summary>
internal sealed record RequestJson(
    string? Url, string? Method, JsonElement? Data, IReadOnlyList<string[]> Query, string? Fragment, IReadOnlyList<string[]> Cookies,
    IReadOnlyList<string[]> Headers, IReadOnlyDictionary<string, JsonElement> Env)
{
    public static RequestJson Of(SentryRequest request) => new(
        request.Url, request.Method, request.Data, Pairs(request.QueryString), request.Fragment, Pairs(request.Cookies),
        Pairs(request.Headers), request.Env);

    private static string[][] Pairs(List<KeyValuePair<string, string>> pairs) => [.. pairs.Select(pair => new[] { pair.Key, pair.Value })];
}
