using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs a text that stands for a value: it may have a name, and may itself be JSON or a form.</summary>
internal static class ValueScrubber
{
    // Each is a call within a call, and "a=a=a=…%" is a form in a form as often as it is long.
    private const int MaxNested = 6;
    private const int MaxPasses = 4;
    private const int ShortestBase64 = 16;
    private const int LongestBase64 = 64 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    [ThreadStatic]
    private static int _nested;

    /// <summary>A text under a name.</summary>
    internal static string Scrub(string text, KeyName? name, TextPlace place = TextPlace.Prose, ScrubbingRun? run = null)
    {
        if (name is { IsKept: true })
            return text;
        if (name is not { Strength: not KeyStrength.None })
            return name?.Spoken is { } words ? TextScrubber.ScrubBehind(words, Scrub(text, place, run), place, run) : Scrub(text, name?.Place ?? place, run);

        if (IsNothing(text))
            return text;

        run?.Add(KeyName.Rule, RemovalAction.Removed, text.Length);
        return TextScrubber.Filtered;
    }

    /// <summary>A text without a name; the same instance when nothing is found.</summary>
    internal static string Scrub(string text, TextPlace place, ScrubbingRun? run = null)
    {
        var length = text.Length;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var scrubbed = Once(text, place, run);
            // What is left may read as JSON or as a form, and did not before. Within others it is theirs that is read again.
            if (_nested > 0 || scrubbed == text || !MayHoldOthers(scrubbed))
                return scrubbed;

            text = scrubbed;
        }

        run?.Add("unsettled", RemovalAction.Removed, length);
        return TextScrubber.Filtered;
    }

    private static string Once(string text, TextPlace place, ScrubbingRun? run)
    {
        if (!MayHoldOthers(text) || _nested >= MaxNested)
            return TextScrubber.Scrub(text, place, run);

        _nested++;
        try
        {
            // In JSON only the parser's view counts: its quotes and braces are no text.
            return AsJson(text, place, run) ?? TextScrubber.Scrub(AsForm(text, place, run) ?? text, place, run);
        }
        finally
        {
            _nested--;
        }
    }

    /// <summary>True when nothing is found in a text; its characters may change meanwhile.</summary>
    internal static bool IsClean(Span<char> text, TextPlace place, ScrubbingRun? run)
    {
        if (!MayHoldOthers(text))
        {
            Folding.Fold(text);
            return TextScrubber.IsClean(text, place, run);
        }

        var whole = text.ToString();
        run?.Mute();
        try
        {
            return Scrub(whole, place, run) == whole;
        }
        finally
        {
            run?.Unmute();
        }
    }

    /// <summary>True when nothing is found in a text by the words of its name.</summary>
    internal static bool IsCleanBehind(string words, string text, TextPlace place, ScrubbingRun? run)
    {
        run?.Mute();
        try
        {
            return ReferenceEquals(TextScrubber.ScrubBehind(words, text, place, run), text);
        }
        finally
        {
            run?.Unmute();
        }
    }

    /// <summary>Nothing that could be secret; Relay leaves it alone, too.</summary>
    internal static bool IsNothing(string text) => text.Trim() is "" or "true" or "false" or "True" or "False" or "null" or "None" or "undefined" or TextScrubber.Filtered;

    private static bool MayHoldOthers(ReadOnlySpan<char> text) => LooksLikeJson(text) || LooksLikeBase64(text) || LooksLikeForm(text);

    private static bool LooksLikeJson(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        return trimmed is ['{', .., '}'] or ['[', .., ']'] && trimmed[1..].TrimStart() is ['"' or '{' or '[' or '}' or ']' or '-' or (>= '0' and <= '9') or 't' or 'f' or 'n', ..];
    }

    private static bool LooksLikeBase64(ReadOnlySpan<char> text) =>
        text.Length is >= ShortestBase64 and <= LongestBase64 && text is ['e', 'y' or 'w', ..] or ['W', ..] && text.Length % 4 == 0;

    private static bool LooksLikeForm(ReadOnlySpan<char> text) =>
        text.Contains('=') && text.IndexOfAny('%', '+') >= 0 && text.IndexOfAny(" \n\"{") < 0;

    private static bool TryParse(string text, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(text, Strict);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // No JSON, or half a surrogate pair in it.
            document = null!;
            return false;
        }
    }

    private static string? AsJson(string text, TextPlace place, ScrubbingRun? run)
    {
        if (LooksLikeJson(text) && TryParse(text, out var document))
            using (document)
                try
                {
                    return JsonScrubber.Rewrite(document.RootElement, place, run) ?? text;
                }
                catch (InvalidOperationException)
                {
                    // An escaped half of a surrogate pair cannot be read as text; the JSON is text then.
                    return null;
                }

        return FromBase64(text) is { } inner && AsJson(inner, place, run) is { } scrubbed && scrubbed != inner ? TextScrubber.Filtered : null;
    }

    /// <summary>The JSON in a text that is nothing but Base64 of it; null for all others.</summary>
    private static string? FromBase64(string text)
    {
        if (!LooksLikeBase64(text))
            return null;

        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length) is var json && LooksLikeJson(json) ? json : null;
    }

    /// <summary>A form (<c>a=b&amp;card=4111%201111…</c>): what is hidden by its encoding is looked for in its values.</summary>
    private static string? AsForm(string text, TextPlace place, ScrubbingRun? run)
    {
        if (!LooksLikeForm(text))
            return null;

        StringBuilder? output = null;
        var done = 0;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('&', start) is >= 0 and var next ? next : text.Length;
            var equals = text.AsSpan(start, end - start).IndexOf('=');
            // Of "x=1;Password=a" the second name is none of a form.
            if (equals >= 0 && !text.AsSpan(start, equals).Contains(';'))
            {
                var value = Decode(text.AsSpan(start + equals + 1, end - start - equals - 1), isValue: true);
                var name = (run?.Policy ?? ScrubbingPolicy.Strict).Names.Of(Decode(text.AsSpan(start, equals), isValue: false));
                run?.Enter(name.Scrubbed);
                var scrubbed = Scrub(value, name, place, run);
                run?.Leave();
                if (scrubbed != value)
                {
                    (output ??= new StringBuilder(text.Length)).Append(text, done, start + equals + 1 - done)
                        .Append(scrubbed.Replace("%", "%25", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal).Replace(' ', '+'));
                    done = end;
                }
            }

            start = end + 1;
        }

        return output?.Append(text, done, text.Length - done).ToString();
    }

    private static string Decode(ReadOnlySpan<char> text, bool isValue)
    {
        var isEncoded = text.IndexOfAny('%', '+') >= 0;
        var decoded = text.ToString();
        // No stored text holds U+0000, and %00 is one.
        // In "x=1;Password=a+b", which is no form, the plus is none of its blanks.
        return isEncoded ? Uri.UnescapeDataString(isValue && !text.Contains('=') ? decoded.Replace('+', ' ') : decoded).Replace('\0', '\uFFFD') : decoded;
    }
}
