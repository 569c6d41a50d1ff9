using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>
/// Removes personal data and secrets from every place of an event that text can be in (docs/scrubbing.md). Whatever goes wrong
/// costs the field, never the event, and never lets the text through.
/// </summary>
/// <remarks>The user's identity must be hashed before; afterwards the address and the mailbox are gone.</remarks>
internal static class EventScrubber
{
    private const int MaxErrors = 50;

    /// <summary>Scrubs an event in place. A second time changes nothing.</summary>
    internal static void Scrub(SentryEvent e)
    {
        e.Transaction = Text(e, "transaction", e.Transaction, 200);
        e.LegacyCulprit = Text(e, "culprit", e.LegacyCulprit, 200);
        e.ServerName = Text(e, "server_name", e.ServerName, 256);
        e.Logger = Text(e, "logger", e.Logger, 64, TextPlace.Path);
        e.Release = Text(e, "release", e.Release, 200);
        Message(e, e.Message);
        foreach (var exception in e.Exceptions)
            Exception(e, exception);

        Stack(e, "stacktrace", e.StackTrace);
        foreach (var thread in e.Threads)
        {
            thread.Name = Text(e, "threads.name", thread.Name);
            Stack(e, "threads.stacktrace", thread.StackTrace);
            thread.Other = Map(e, "threads", thread.Other);
        }

        foreach (var crumb in e.Breadcrumbs)
        {
            crumb.Message = Text(e, "breadcrumbs.message", crumb.Message);
            crumb.Category = Text(e, "breadcrumbs.category", crumb.Category, 128);
            crumb.Data = Json(e, "breadcrumbs.data", crumb.Data);
        }

        RequestScrubber.Scrub(e, e.Request);
        e.User = User(e, e.User);
        for (var i = 0; i < e.Tags.Count; i++)
            e.Tags[i] = new(e.Tags[i].Key, Named(e, "tags", e.Tags[i].Key, e.Tags[i].Value, 200));

        e.Contexts = Map(e, "contexts", e.Contexts);
        e.Extra = Map(e, "extra", e.Extra);
        e.Other = Map(e, "", e.Other);
        if (e.Fingerprint is { } parts)
            for (var i = 0; i < parts.Count; i++)
                parts[i] = Text(e, "fingerprint", parts[i], 1_024) ?? "";

        // Last, because what is scrubbed here may itself be noted above. A refused value is quoted in its note.
        for (var i = 0; i < e.Errors.Count; i++)
            if (e.Errors[i] is { Value: { } value, Name: var name })
                e.Errors[i] = e.Errors[i] with { Value = Named(e, "errors", name[(name.LastIndexOf('.') + 1)..], value) };
    }

    /// <summary>Text without a name; cut to the limit when a replacement made it longer.</summary>
    internal static string? Text(SentryEvent e, string path, string? text, int limit = int.MaxValue, TextPlace place = TextPlace.Prose, string field = "") =>
        text is null ? null : Fit(text, Value(e, path, text, path == "release" ? KeyName.Of(path) : null, place, field), limit);

    /// <summary>Text under a name that says what it is.</summary>
    internal static string Named(SentryEvent e, string path, string name, string text, int limit = int.MaxValue) =>
        Fit(text, Value(e, path, text, KeyName.Of(name), TextPlace.Prose), limit);

    /// <summary>JSON of any shape.</summary>
    internal static JsonElement? Json(SentryEvent e, string path, JsonElement? element)
    {
        if (element is not { } value)
            return null;

        try
        {
            return JsonScrubber.Scrub(value);
        }
        catch (Exception)
        {
            Note(e, path);
            return JsonScrubber.TextElement(TextScrubber.Filtered);
        }
    }

    /// <summary>JSON by name; the same map when nothing is found.</summary>
    internal static Dictionary<string, JsonElement> Map(SentryEvent e, string path, Dictionary<string, JsonElement> values, string field = "")
    {
        Dictionary<string, JsonElement>? scrubbed = null;
        HashSet<string>? seen = null;
        foreach (var (name, value) in values)
        {
            var element = value;
            var key = name;
            if (Entry(e, path, field, ref key, ref element, values, ref seen) && scrubbed is null)
                scrubbed = new(values.TakeWhile(v => v.Key != name));

            scrubbed?[key] = element;
        }

        return scrubbed ?? values;
    }

    /// <summary>True when something was found.</summary>
    private static bool Entry(
        SentryEvent e, string path, string field, ref string name, ref JsonElement value, Dictionary<string, JsonElement> all, ref HashSet<string>? seen)
    {
        KeyName? key = null;
        try
        {
            key = KeyName.Of(name);
            var isDirty = JsonScrubber.Scrub(ref value, key, path.Length == 0 && name == "debug_meta" ? TextPlace.Path : TextPlace.Prose);
            if (key.IsClean)
                return isDirty;
        }
        catch (Exception)
        {
            Note(e, path.Length == 0 ? key?.Scrubbed ?? TextScrubber.Filtered : path + field);
            value = JsonScrubber.TextElement(TextScrubber.Filtered);
        }

        name = key is null ? TextScrubber.Filtered : JsonScrubber.UniqueName(key, seen ??= [.. all.Keys]);
        return true;
    }

    private static void Message(SentryEvent e, SentryMessage? message)
    {
        if (message is null)
            return;

        message.Message = Text(e, "logentry.message", message.Message);
        message.Formatted = Text(e, "logentry.formatted", message.Formatted);
        message.Params = Json(e, "logentry.params", message.Params);
        // As the reader has it.
        if (message.Message == message.Formatted)
            message.Message = null;
    }

    private static void Exception(SentryEvent e, SentryException exception)
    {
        exception.Value = Text(e, "exception.value", exception.Value);
        exception.Type = Text(e, "exception.type", exception.Type, 256, TextPlace.Path);
        exception.Other = Map(e, "exception", exception.Other);
        Stack(e, "exception.stacktrace", exception.StackTrace);
        if (exception.Mechanism is not { } mechanism)
            return;

        mechanism.Description = Text(e, "exception.mechanism.description", mechanism.Description);
        mechanism.HelpLink = Text(e, "exception.mechanism.help_link", mechanism.HelpLink);
        mechanism.Data = Json(e, "exception.mechanism.data", mechanism.Data);
        mechanism.Meta = Json(e, "exception.mechanism.meta", mechanism.Meta);
    }

    private static void Stack(SentryEvent e, string path, SentryStackTrace? stack)
    {
        foreach (var frame in stack?.Frames ?? [])
        {
            frame.Filename = Text(e, path, frame.Filename, 256 + 40, TextPlace.Path, ".filename");
            frame.AbsPath = Text(e, path, frame.AbsPath, 256 + 40, TextPlace.Path, ".abs_path");
            frame.Module = Text(e, path, frame.Module, 256, TextPlace.Path, ".module");
            frame.Package = Text(e, path, frame.Package, 256, TextPlace.Path, ".package");
            frame.Function = Text(e, path, frame.Function, 256 + 20, TextPlace.Path, ".function");
            frame.RawFunction = Text(e, path, frame.RawFunction, 256 + 20, TextPlace.Path, ".raw_function");
            frame.ContextLine = Source(e, path, frame.ContextLine, ".context_line");
            Lines(e, path, frame.PreContext, ".pre_context");
            Lines(e, path, frame.PostContext, ".post_context");
            frame.Vars = Map(e, path, frame.Vars, ".vars");
            frame.Other = Map(e, path, frame.Other);
        }
    }

    private static void Lines(SentryEvent e, string path, List<string> lines, string field)
    {
        for (var i = 0; i < lines.Count; i++)
            lines[i] = Source(e, path, lines[i], field)!;
    }

    // A line of source is neither JSON nor a form.
    private static string? Source(SentryEvent e, string path, string? line, string field)
    {
        if (line is null)
            return null;

        try
        {
            return Fit(line, TextScrubber.Scrub(line, TextPlace.Source), 256 + 40);
        }
        catch (Exception)
        {
            Note(e, path + field);
            return TextScrubber.Filtered;
        }
    }

    private static SentryUser? User(SentryEvent e, SentryUser? user)
    {
        if (user is null)
            return null;

        user.Id = Text(e, "user.id", user.Id, 128);
        user.Username = Text(e, "user.username", user.Username, 128);
        // A display name is a person's, and helps nobody to find a fault.
        user.Name = user.Name is null ? null : TextScrubber.Filtered;
        user.Email = user.Email is null ? null : "[email]";
        user.IpAddress = null;
        user.Geo = Json(e, "user.geo", user.Geo);
        user.Data = Map(e, "user.data", user.Data);
        return user.Identity is null && user.Name is null && user.Geo is null && user.Data.Count == 0 ? null : user;
    }

    private static string Value(SentryEvent e, string path, string text, KeyName? name, TextPlace place, string field = "")
    {
        try
        {
            return ValueScrubber.Scrub(text, name, place);
        }
        catch (Exception)
        {
            Note(e, path + field);
            return TextScrubber.Filtered;
        }
    }

    // Neither the text nor the exception, whose message may quote it.
    private static void Note(SentryEvent e, string path)
    {
        if (e.Errors.Count < MaxErrors)
            e.Errors.Add(new EventError("scrubbing_failed", path, null));
    }

    private static string Fit(string text, string scrubbed, int limit) =>
        scrubbed.Length <= limit || scrubbed.Length <= text.Length ? scrubbed : scrubbed[..(char.IsHighSurrogate(scrubbed[limit - 1]) ? limit - 1 : limit)];
}
