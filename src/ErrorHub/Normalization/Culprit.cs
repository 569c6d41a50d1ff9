using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>Where an event comes from, in one line (protocol.md section 8.2).</summary>
internal static class Culprit
{
    private const int MaxLength = 200;

    internal static string Of(SentryEvent e)
    {
        var text = e.Transaction ?? e.LegacyCulprit;
        if (text is null && e.Exceptions.LastOrDefault()?.Mechanism?.Synthetic == true)
            return "";

        return Shortening.Cut(text ?? OfFrames(e) ?? e.Request?.Url ?? "", MaxLength);
    }

    private static string? OfFrames(SentryEvent e)
    {
        var frames = e.Exceptions.LastOrDefault(x => x.StackTrace is { Frames.Count: > 0 })?.StackTrace?.Frames ?? e.StackTrace?.Frames ?? [];
        var texts = Enumerable.Reverse(frames)
            .Select(frame => (frame.InApp, Text: OfFrame(frame, frame.Platform ?? e.Platform)))
            .Where(f => f.Text.Length > 0)
            .ToList();
        return texts.Find(f => f.InApp == true).Text ?? texts.FirstOrDefault().Text;
    }

    private static string OfFrame(SentryStackFrame frame, string platform)
    {
        var function = frame.Function ?? "?";
        if (platform is "objc" or "cocoa" or "native")
            return function;

        return (frame.Module ?? frame.Filename) switch
        {
            null or "" => "",
            var place when platform is "javascript" or "node" => $"{function}({place})",
            var place => $"{place} in {function}",
        };
    }
}
