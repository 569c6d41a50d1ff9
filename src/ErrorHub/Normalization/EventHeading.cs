using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>What lists show of an event; an issue shows that of its newest.</summary>
/// <param name="Type">Exception type; null for a message.</param>
/// <param name="Value">Exception value or message, first line not cut here; at most 1,024 characters.</param>
/// <param name="Title">Type and first line of the value, at most 256 characters.</param>
/// <param name="Culprit">Where: the transaction, or function and module; at most 200 characters, may be empty.</param>
/// <param name="Filename">File of the crash frame.</param>
/// <param name="Function">Function of the crash frame.</param>
public sealed record EventHeading(
    string? Type, string? Value, string Title, string Culprit, string? Filename, string? Function)
{
    private const int MaxType = 128;
    private const int MaxValue = 1_024;
    private const int MaxTitle = 256;

    /// <summary>The heading of a normalised event by the rules of protocol.md section 8.</summary>
    /// <param name="e">The event.</param>
    /// <param name="title">The title that a rule of the project gives it; null for none.</param>
    public static EventHeading Of(SentryEvent e, string? title) =>
        title is null ? Of(e) : Of(e) with { Title = Shortening.Cut(Shortening.FirstLine(title), MaxTitle) };

    /// <summary>Likewise by its own title.</summary>
    public static EventHeading Of(SentryEvent e)
    {
        var crash = CrashFrame(e);
        var culprit = Normalization.Culprit.Of(e);
        // The last one is what was raised; the ones before it are its causes.
        return e.Exceptions.LastOrDefault() switch
        {
            null => OfMessage(e, culprit, crash),
            { Type: null or "", Value: null or "" } when e.Message?.Text is { Length: > 0 } => OfMessage(e, culprit, crash),
            var main => OfException(main, culprit, crash),
        };
    }

    private static EventHeading OfException(SentryException main, string culprit, SentryStackFrame? crash)
    {
        var value = main.Value is { Length: > 0 } text ? Shortening.Cut(text, MaxValue) : null;
        // Synthetic: the SDK made the type and value up (a signal, a stack overflow), so the place says more.
        if (main.Mechanism?.Synthetic == true)
            return new EventHeading(null, value, Shortening.Cut(crash?.Function ?? "<unknown>", MaxTitle), culprit, crash?.Filename, crash?.Function);

        var type = main.Type is { Length: > 0 } t ? Shortening.Cut(t, MaxType) : null;
        var firstLine = Shortening.FirstLine(value);
        var title = (type, firstLine) switch
        {
            (null, "") => crash?.Function ?? "<unknown>",
            ({ } name, "") => name,
            _ => $"{type ?? "Error"}: {firstLine}",
        };
        return new EventHeading(
            type ?? "Error", value, Shortening.Cut(title, MaxTitle), culprit, crash?.Filename, crash?.Function);
    }

    private static EventHeading OfMessage(SentryEvent e, string culprit, SentryStackFrame? crash)
    {
        var text = e.Message?.Text?.Trim() is { Length: > 0 } message ? message : null;
        var title = text is null ? "<unlabeled event>" : Shortening.Cut(Shortening.FirstLine(text), MaxTitle);
        return new EventHeading(
            null, text is null ? null : Shortening.Cut(text, MaxValue), title, culprit, crash?.Filename, crash?.Function);
    }

    private static SentryStackFrame? CrashFrame(SentryEvent e)
    {
        var frames = e.Exceptions.LastOrDefault()?.StackTrace?.Frames
            ?? e.StackTrace?.Frames
            ?? (e.Threads is [{ StackTrace: { } single }] ? single.Frames : []);
        var named = frames.Where(f => f.Function is not (null or "" or "<redacted>" or "<unknown>")).Reverse().ToList();
        return named.Find(f => f.InApp == true) ?? named.FirstOrDefault();
    }
}
