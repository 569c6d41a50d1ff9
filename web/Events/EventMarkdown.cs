using System.Globalization;
using System.Text;
using ErrorHub.Events;
using ErrorHub.Issues;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Shared;

namespace ErrorHub.Web.Events;

/// <summary>An event as Markdown for a ticket, a chat or an assistant: what went wrong and where, without what identifies a person.</summary>
/// <remarks>User, cookies, headers, bodies and local variables stay on the page: pasted text leaves the place where access is checked.</remarks>
internal static class EventMarkdown
{
    private const int MaxFrames = 50;
    private const int MaxBreadcrumbs = 20;

    public static string Of(IssueRow issue, EventDetails details, string link)
    {
        var (summary, e) = (details.Summary, details.Event);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Plain(summary.Title)}\n\n");
        Fact(text, "Issue", $"{issue.ShortId}, {Numbers.Of(issue.TotalEvents, "event")}, {Numbers.Of(issue.Users, "user")}");
        Fact(text, "First and last seen", $"{TimeAgo.Utc(issue.FirstSeen)}, {TimeAgo.Utc(issue.LastSeen)}");
        Fact(text, "Culprit", issue.Culprit);
        Fact(text, "Event", $"{summary.EventId} at {TimeAgo.Utc(summary.Timestamp)}");
        Fact(text, "Level", summary.Level.ToName());
        Fact(text, "Environment", summary.Environment);
        Fact(text, "Release", summary.Release);
        Fact(text, "Platform", summary.Platform);
        Fact(text, "Request", e.Request is { Url: { } url } request ? $"{request.Method} {url}" : "");
        text.Append(CultureInfo.InvariantCulture, $"- Link: {link}\n");

        if (e.Message?.Text is { Length: > 0 } message && !e.Exceptions.Exists(x => x.Value == message))
            Block(text, "Message", message);

        foreach (var (exception, _, relation) in ExceptionTree.Of(e.Exceptions))
            Block(text, $"{relation ?? "Exception"}: {exception.Type ?? "unknown"}", Lines(exception));

        if (e.StackTrace is { Frames.Count: > 0 } stack)
            Block(text, "Stack trace", Lines(stack));

        if (e.Breadcrumbs.Count > 0)
            Block(text, "Breadcrumbs, newest last", string.Join('\n', e.Breadcrumbs.TakeLast(MaxBreadcrumbs).Select(Line)));

        if (e.Tags.Count > 0)
            Block(text, "Tags", string.Join('\n', e.Tags.Select(t => $"{t.Key} = {t.Value}")));

        return text.ToString();
    }

    private static string Lines(SentryException exception) =>
        ((exception.Value ?? "") + "\n\n" + (exception.StackTrace is { } stack ? Lines(stack) : "")).Trim('\n');

    // Crash site first, as on the page, with the source of the app's own frames.
    private static string Lines(SentryStackTrace stack)
    {
        var lines = new StringBuilder();
        foreach (var frame in Enumerable.Reverse(stack.Frames).Take(MaxFrames))
        {
            lines.Append("at ").Append(FrameView.NameOf(frame));
            if (FrameView.PlaceOf(frame) is { } place)
                lines.Append(" (").Append(place).Append(')');
            lines.Append(frame.InApp == true ? " [in app]\n" : "\n");
            if (frame is not { InApp: true, ContextLine: { } line })
                continue;

            foreach (var before in frame.PreContext)
                lines.Append("    ").Append(before).Append('\n');
            lines.Append("  > ").Append(line).Append('\n');
            foreach (var after in frame.PostContext)
                lines.Append("    ").Append(after).Append('\n');
        }

        if (stack.Frames.Count > MaxFrames)
            lines.Append(CultureInfo.InvariantCulture, $"and {stack.Frames.Count - MaxFrames} more frames\n");
        return lines.ToString();
    }

    private static string Line(Breadcrumb crumb) =>
        $"{crumb.Timestamp?.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {crumb.Category ?? crumb.Type} {crumb.Level.ToName()} {crumb.Message}".Trim();

    private static void Fact(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"- {name}: {Plain(value)}\n");
    }

    private static void Block(StringBuilder text, string title, string body)
    {
        var fence = new string('`', Math.Max(3, LongestRun(body, '`') + 1));
        text.Append(CultureInfo.InvariantCulture, $"\n## {Plain(title)}\n\n{fence}\n{body.TrimEnd('\n')}\n{fence}\n");
    }

    // One line on which nothing is Markdown any more: a title must not become a link, an image or a heading.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '!' or '~')
                plain.Append('\\');
            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }

    private static int LongestRun(string text, char of)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == of ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
