using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs fields of an event, each guarded: one that cannot be scrubbed is dropped, and the event says so.</summary>
internal readonly struct FieldScrubber(SentryEvent e, ScrubbingRun run)
{
    private const int MaxErrors = 50;

    /// <summary>Where in the event we are.</summary>
    internal ScrubbingRun Run => run;

    /// <summary>Text that has no name of its own; cut to the limit when a replacement made it longer.</summary>
    internal string? Text(string path, string? text, int limit = int.MaxValue, TextPlace place = TextPlace.Prose) =>
        text is null ? null : Value(path, text, OwnNameOf(path), place, limit);

    /// <summary>Text under a name that says what it is.</summary>
    internal string Named(string name, string text, int limit = int.MaxValue)
    {
        var key = NameOf(name);
        return Value(key?.Scrubbed ?? TextScrubber.Filtered, text, key, TextPlace.Prose, limit);
    }

    /// <summary>Text that was refused under a name, because it is not of its kind.</summary>
    internal string Refused(string name, string text)
    {
        var key = NameOf(name);
        var isOfNoKind = key is { Place: not null, IsKept: false, Strength: KeyStrength.None };
        return Value(key?.Scrubbed ?? TextScrubber.Filtered, text, isOfNoKind ? null : key, TextPlace.Prose, EventError.MaxLength);
    }

    /// <summary>True when something is found in a name, which is noted.</summary>
    internal bool IsFoundIn(string name)
    {
        // One that cannot be scrubbed is noted as that.
        if (NameOf(name) is not { } key)
            return true;
        if (key.IsClean)
            return false;

        TextScrubber.Scrub(name, TextPlace.Prose, run);
        return true;
    }

    /// <summary>A name without what is found in it.</summary>
    internal string Name(string name) => NameOf(name)?.Scrubbed ?? TextScrubber.Filtered;

    /// <summary>Names and values, of which names may repeat.</summary>
    internal void Pairs(string path, List<KeyValuePair<string, string>> pairs)
    {
        run.Enter(path);
        for (var i = 0; i < pairs.Count; i++)
            pairs[i] = new(Name(pairs[i].Key), Named(pairs[i].Key, pairs[i].Value));

        run.Leave();
    }

    /// <summary>Texts without names.</summary>
    internal void Texts(string path, List<string> texts, int limit)
    {
        run.Enter(path);
        for (var i = 0; i < texts.Count; i++)
        {
            run.Enter(i);
            texts[i] = Value(texts[i] ?? "", null, TextPlace.Prose, limit);
            run.Leave();
        }

        run.Leave();
    }

    /// <summary>A line of source, which is neither JSON nor a form.</summary>
    internal string? Source(string path, string? line)
    {
        if (line is null)
            return null;

        run.Enter(path);
        var scrubbed = Source(line);
        run.Leave();
        return scrubbed;
    }

    /// <summary>Lines of source.</summary>
    internal void Sources(string path, List<string> lines)
    {
        run.Enter(path);
        for (var i = 0; i < lines.Count; i++)
        {
            run.Enter(i);
            lines[i] = Source(lines[i] ?? "");
            run.Leave();
        }

        run.Leave();
    }

    /// <summary>JSON of any shape.</summary>
    internal JsonElement? Json(string path, JsonElement? element, TextPlace place = TextPlace.Prose)
    {
        if (element is not { } value)
            return null;

        run.Enter(path);
        Json(ref value, null, place);
        run.Leave();
        return value;
    }

    /// <summary>JSON by name; the same map when nothing is found.</summary>
    internal Dictionary<string, JsonElement> Map(string path, Dictionary<string, JsonElement> values)
    {
        if (values.Count == 0)
            return values;

        run.Enter(path);
        var scrubbed = Entries(values);
        run.Leave();
        return scrubbed;
    }

    /// <summary>Likewise where the names are keys of what we are at.</summary>
    internal Dictionary<string, JsonElement> Entries(Dictionary<string, JsonElement> values)
    {
        Dictionary<string, JsonElement>? scrubbed = null;
        HashSet<string>? seen = null;
        foreach (var (name, value) in values)
        {
            var (key, element) = (name, value);
            if (Entry(ref key, ref element, values, ref seen) && scrubbed is null)
                scrubbed = Before(name, values);

            scrubbed?[key] = element;
        }

        return scrubbed ?? values;
    }

    // On its own, because a lambda beside the loop would cost memory for each entry of a clean map.
    private static Dictionary<string, JsonElement> Before(string name, Dictionary<string, JsonElement> values) =>
        new(values.TakeWhile(v => v.Key != name));

    /// <summary>True when something was found.</summary>
    private bool Entry(ref string name, ref JsonElement value, Dictionary<string, JsonElement> all, ref HashSet<string>? seen)
    {
        var key = NameOf(name);
        run.Enter(key?.Scrubbed ?? TextScrubber.Filtered);
        var isDirty = Json(ref value, key, run.Depth == 1 && name == "debug_meta" ? TextPlace.Path : TextPlace.Prose);
        run.Leave();
        if (key is { IsClean: true })
            return isDirty;

        name = key is null ? TextScrubber.Filtered : JsonScrubber.UniqueName(key, seen ??= [.. all.Keys], run);
        return true;
    }

    // The event's own fields have names that say nothing, unless the project's owner says so.
    private KeyName? OwnNameOf(string field) => run.Policy.Names.OwnStrengthOf(field) is null ? null : NameOf(field);

    private KeyName? NameOf(string name)
    {
        try
        {
            return run.Policy.Names.Of(name);
        }
        catch (Exception)
        {
            Note(name.Length);
            return null;
        }
    }

    private string Value(string path, string text, KeyName? name, TextPlace place, int limit)
    {
        run.Enter(path);
        var scrubbed = Value(text, name, place, limit);
        run.Leave();
        return scrubbed;
    }

    private string Value(string text, KeyName? name, TextPlace place, int limit)
    {
        var depth = run.Depth;
        try
        {
            return Fit(text, ValueScrubber.Scrub(text, name, place, run), limit);
        }
        catch (Exception)
        {
            run.LeaveTo(depth);
            Note(text.Length);
            return TextScrubber.Filtered;
        }
    }

    private string Source(string line)
    {
        // What the readers keep of a line.
        const int MaxLine = 256 + 40;
        try
        {
            return Fit(line, TextScrubber.Scrub(line, TextPlace.Source, run), MaxLine);
        }
        catch (Exception)
        {
            Note(line.Length);
            return TextScrubber.Filtered;
        }
    }

    private bool Json(ref JsonElement value, KeyName? name, TextPlace place)
    {
        var depth = run.Depth;
        try
        {
            return JsonScrubber.Scrub(ref value, name, place, run);
        }
        catch (Exception)
        {
            run.LeaveTo(depth);
            Note(length: 1);
            value = JsonScrubber.TextElement(TextScrubber.Filtered);
            return true;
        }
    }

    // Neither the text nor the exception, whose message may quote it.
    private void Note(int length)
    {
        run.Add("failed", RemovalAction.Dropped, length);
        if (e.Errors.Count < MaxErrors)
            e.Errors.Add(new EventError("scrubbing_failed", run.PathText(), null));
    }

    private static string Fit(string text, string scrubbed, int limit) =>
        scrubbed.Length <= limit || scrubbed.Length <= text.Length ? scrubbed : scrubbed[..(char.IsHighSurrogate(scrubbed[limit - 1]) ? limit - 1 : limit)];
}
