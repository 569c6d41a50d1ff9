using System.Text.Json;
using System.Text.Json.Nodes;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Masks or drops the parts of an event that its project's owner does not want kept: source lines, local variables, bodies.</summary>
/// <remarks>Before the search for what is personal, which then has less to read.</remarks>
internal static class PartScrubber
{
    private const string SourceLines = "source-lines";
    private const string Variables = "variables";
    private const string Bodies = "bodies";

    /// <summary>The names under which it stands in receipts.</summary>
    internal static IEnumerable<string> RuleNames(ScrubbingSettings settings) =>
        new[] { (SourceLines, settings.SourceLines), (Variables, settings.Variables), (Bodies, settings.Bodies) }
            .Where(part => part.Item2 != PartHandling.Keep).Select(part => part.Item1);

    internal static void Scrub(FieldScrubber fields, SentryEvent e)
    {
        var run = fields.Run;
        run.Enter("exception");
        run.Enter("values");
        for (var i = 0; i < e.Exceptions.Count; i++)
            Stack(run, i, e.Exceptions[i].StackTrace);

        run.LeaveTo(0);
        Frames(run, e.StackTrace);
        run.Enter("threads");
        run.Enter("values");
        for (var i = 0; i < e.Threads.Count; i++)
            Stack(run, i, e.Threads[i].StackTrace);

        run.LeaveTo(0);
        if (run.Policy.Settings.Bodies != PartHandling.Keep)
            ScrubBodies(run, e);
    }

    private static void Stack(ScrubbingRun run, int index, SentryStackTrace? stack)
    {
        run.Enter(index);
        Frames(run, stack);
        run.Leave();
    }

    private static void Frames(ScrubbingRun run, SentryStackTrace? stack)
    {
        if (stack is null)
            return;

        var depth = run.Depth;
        run.Enter("stacktrace");
        run.Enter("frames");
        for (var i = 0; i < stack.Frames.Count; i++)
        {
            run.Enter(i);
            ScrubSource(run, stack.Frames[i]);
            ScrubVariables(run, stack.Frames[i]);
            run.Leave();
        }

        run.LeaveTo(depth);
    }

    private static void ScrubSource(ScrubbingRun run, SentryStackFrame frame)
    {
        var handling = run.Policy.Settings.SourceLines;
        if (handling == PartHandling.Keep)
            return;

        if (frame.ContextLine is { } line)
        {
            run.Enter("context_line");
            frame.ContextLine = Source(run, line, handling);
            run.Leave();
        }

        Sources(run, "pre_context", frame.PreContext, handling);
        Sources(run, "post_context", frame.PostContext, handling);
    }

    private static void Sources(ScrubbingRun run, string path, List<string> lines, PartHandling handling)
    {
        run.Enter(path);
        for (var i = 0; i < lines.Count; i++)
            lines[i] = Source(run, lines[i] ?? "", handling) ?? "";

        run.Leave();
        if (handling == PartHandling.Drop)
            lines.Clear();
    }

    private static string? Source(ScrubbingRun run, string line, PartHandling handling)
    {
        var left = handling == PartHandling.Drop ? null : Masks.OfSource(line);
        if (left != line)
            Note(run, SourceLines, handling, line.Length);

        return left;
    }

    private static void ScrubVariables(ScrubbingRun run, SentryStackFrame frame)
    {
        var handling = run.Policy.Settings.Variables;
        if (handling == PartHandling.Keep || frame.Vars.Count == 0)
            return;

        run.Enter("vars");
        var masked = new Dictionary<string, JsonElement>();
        if (handling == PartHandling.Drop)
            Note(run, Variables, handling, frame.Vars.Values.Sum(LengthOf));
        else
            foreach (var (name, value) in frame.Vars)
                masked[name] = Mask(run, Variables, value);

        frame.Vars = masked;
        run.Leave();
    }

    private static void ScrubBodies(ScrubbingRun run, SentryEvent e)
    {
        var handling = run.Policy.Settings.Bodies;
        if (e.Request?.Data is { } body)
        {
            run.Enter("request");
            e.Request.Data = Body(run, body, handling);
            run.Leave();
        }

        // Where SDKs put what their app's own requests were answered.
        if (e.Contexts.TryGetValue("response", out var response) && response.ValueKind == JsonValueKind.Object && response.TryGetProperty("data", out body))
        {
            run.Enter("contexts");
            run.Enter("response");
            var left = JsonObject.Create(response)!;
            if (Body(run, body, handling) is { } masked)
                left["data"] = JsonValue.Create(masked);
            else
                left.Remove("data");

            e.Contexts["response"] = JsonSerializer.SerializeToElement(left);
            run.LeaveTo(0);
        }
    }

    private static JsonElement? Body(ScrubbingRun run, JsonElement body, PartHandling handling)
    {
        if (body.ValueKind == JsonValueKind.Null)
            return body;

        JsonElement? left = null;
        run.Enter("data");
        if (handling == PartHandling.Mask)
            left = Mask(run, Bodies, body);
        else
            Note(run, Bodies, handling, LengthOf(body));

        run.Leave();
        return left;
    }

    private static JsonElement Mask(ScrubbingRun run, string rule, JsonElement value)
    {
        var masked = Masks.Of(value);
        if (!JsonElement.DeepEquals(masked, value))
            Note(run, rule, PartHandling.Mask, LengthOf(value));

        return masked;
    }

    private static int LengthOf(JsonElement value) => value.GetRawText().Length;

    private static void Note(ScrubbingRun run, string rule, PartHandling handling, int length) =>
        run.Add(rule, handling == PartHandling.Drop ? RemovalAction.Removed : RemovalAction.Masked, length);
}
