using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// Secrets that prose, code, connection strings, forms and cut JSON give under a name: <c>password='x'</c>, <c>Pwd=x;</c>,
/// <c>"token":"x"</c>, <c>the password is x</c>, <c>Cookie: a=b; c=d</c>. <see cref="KeyRules"/> knows the names.
/// </summary>
/// <param name="own">The names of a project that has keys of its own; null for all others.</param>
internal sealed class InlineSecrets(KeyNames? own = null) : Detector
{
    private const int MaxName = 64;
    private const int LongValue = 16;

    private static readonly SearchValues<string> Verbs =
        SearchValues.Create([" is ", " was ", " ist ", " est ", " es "], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n&;\"'`<>|\\");

    // What an app says about a secret rather than the secret.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Prose = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "is", "was", "are", "must", "not", "no", "too", "at", "to", "in", "of", "on", "for", "from", "has", "have", "had", "should", "cannot",
        "can", "could", "can't", "required", "missing", "invalid", "expired", "incorrect", "wrong", "empty", "null", "none", "nil", "undefined", "true", "false",
        "set", "unset", "unknown", "rejected", "refused", "denied", "failed", "failure", "error", "valid", "ok", "yes", "given", "provided", "needed", "unexpected",
        "string", "str", "int", "bool", "boolean", "object", "number", "any", "optional", "field", "value", "length", "weak", "short", "long", "case", "already",
        "being", "used", "stored", "changed", "reset", "revoked", "malformed", "absent", "never", "only", "found", "does", "did", "it", "this", "that", "your",
        "please", "cancellationtoken", "secretstr", "system.string", "new", "old", "same", "still", "also", "now", "or", "and", "with", "without", "bad",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    internal override string Rule => "secret";

    internal override bool LooksAt(TextPlace place) => place != TextPlace.Source;

    internal override IEnumerable<AnchorWord> Words => InAnyCase("is ", "was ", "ist ", "est ", "es ");

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Colons + text.EqualSigns > 0 || (own is not null && (text.Words & TextScrubber.BitOfVerbs) != 0);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        var stop = -1;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny('=', ':');
            if (hit < 0)
                break;

            at += hit + 1;
            if (At(text, at) == ':' || (text[at - 1] == ':' && At(text, at) == '/' && At(text, at + 1) == '/'))
                continue;

            var (strength, isCookie) = NameBefore(text, at - 1);
            if (strength == KeyStrength.None)
                continue;

            var isProse = text[at - 1] == ':' && At(text, at) == ' ';
            if (At(text, at) is '=' or '>')
                at++;

            at = AddValue(text, at, strength, isProse, isCookie, found, ref stop);
        }

        stop = -1;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Verbs);
            if (hit < 0)
                return;

            at += hit;
            var (strength, _) = NameBefore(text, at);
            at += 1 + text[(at + 1)..].IndexOf(' ');
            if (strength != KeyStrength.None)
                at = AddValue(text, at, strength, true, false, found, ref stop);
        }
    }

    private (KeyStrength Strength, bool IsCookie) NameBefore(ReadOnlySpan<char> text, int separator)
    {
        var end = separator;
        while (end > 0 && separator - end < 6 && text[end - 1] is ' ' or '"' or '\'' or '`' or ']' or '\\' or '?' or '!' or ':')
            end--;

        var start = StartOfWord(text, end);
        var name = text[start..end];
        var strength = StrengthOf(name);
        if (Before(text, start) == '[' && At(text, end) == ']' && TextScrubber.HasPlaceholder(text[(start - 1)..(end + 1)]))
            return default;

        if (strength == KeyStrength.None && start > 0 && text[start - 1] == ' ' && name.Length is > 1 and < 8)
            // "API key: x", "security code: x"
            strength = StrengthOf(text[StartOfWord(text, start - 1)..end]);

        return (strength, name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase));
    }

    private KeyStrength StrengthOf(ReadOnlySpan<char> name) => own is null ? KeyRules.StrengthOf(name) : own.StrengthOf(name);

    private static int StartOfWord(ReadOnlySpan<char> text, int end)
    {
        var start = end;
        while (start > 0 && end - start < MaxName && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
            start--;

        return start;
    }

    /// <summary>Adds the value that begins here; gives where to read on.</summary>
    private static int AddValue(ReadOnlySpan<char> text, int at, KeyStrength strength, bool isProse, bool isCookie, List<Finding> found, ref int stop)
    {
        while (At(text, at) == ' ' && at < text.Length)
            at++;

        // b'x' and u"x" of Python, $"x" and @"x" of C#.
        if (At(text, at) is 'b' or 'u' or 'r' or '$' or '@' && At(text, at + 1) is '"' or '\'')
            at++;

        var isEscaped = At(text, at) == '\\' && At(text, at + 1) is '"' or '\'';
        var quote = At(text, isEscaped ? at + 1 : at);
        if (quote is '"' or '\'' or '`')
        {
            at += isEscaped ? 2 : 1;
            var close = EndOfQuoted(text, at, quote, isEscaped);
            if (IsSecret(text[at..close], strength, false))
                found.Add(new Finding(at, close, "[Filtered]"));

            return close;
        }

        var end = isCookie ? EndOfLine(text, at) : EndOfPlain(text, at, ref stop);
        if (IsScheme(text[at..end]) && At(text, end) == ' ')
            end = EndOfLine(text, at);

        if (IsSecret(text[at..end], strength, isProse))
            found.Add(new Finding(at, end, "[Filtered]"));

        return Math.Max(at, end);
    }

    private static int EndOfQuoted(ReadOnlySpan<char> text, int at, char quote, bool isEscaped)
    {
        for (var end = at; end < text.Length; end++)
        {
            if (text[end] == '\\' && !(isEscaped && At(text, end + 1) == quote))
                end++;
            else if (isEscaped ? text[end] == '\\' : text[end] == quote)
                return end;
        }

        return text.Length;
    }

    private static int EndOfPlain(ReadOnlySpan<char> text, int at, ref int stop)
    {
        // Many values can end before the same stop; it is searched once.
        if (stop < at)
            stop = text[at..].IndexOfAny(Stops) is >= 0 and var next ? at + next : text.Length;

        for (var end = at; ; end++)
        {
            // A bracket or a comma ends a value only where something ends: passwords hold both.
            var bracket = text[end..stop].IndexOfAny(",)}]");
            if (bracket < 0)
                return stop;

            end += bracket;
            var after = At(text, end + 1);
            if (end + 1 >= stop || after is ',' or ')' or '}' or ']' or '.' or ':' || (text[end] == ',' && IsNameNext(text[(end + 1)..stop])))
                return end;
        }
    }

    private static bool IsNameNext(ReadOnlySpan<char> text) => text[..Math.Min(text.Length, MaxName)].IndexOfAny('=', ':') > 0;

    private static int EndOfLine(ReadOnlySpan<char> text, int at)
    {
        var end = text[at..].IndexOfAny("\r\n\"'`");
        return end < 0 ? text.Length : at + end;
    }

    private static bool IsScheme(ReadOnlySpan<char> value) =>
        value.Equals("bearer", StringComparison.OrdinalIgnoreCase) || value.Equals("basic", StringComparison.OrdinalIgnoreCase)
        || value.Equals("digest", StringComparison.OrdinalIgnoreCase) || value.Equals("negotiate", StringComparison.OrdinalIgnoreCase)
        || value.Equals("ntlm", StringComparison.OrdinalIgnoreCase) || value.Equals("token", StringComparison.OrdinalIgnoreCase)
        || value.Equals("apikey", StringComparison.OrdinalIgnoreCase) || value.StartsWith("aws4-", StringComparison.OrdinalIgnoreCase);

    private static bool IsSecret(ReadOnlySpan<char> value, KeyStrength strength, bool isProse)
    {
        // "[Filtered]" and the like were written here before, or by an SDK.
        if (value.Length == 0 || value[0] is '[' or '{' or '(' || value.IndexOfAnyExcept('*') < 0 || Prose.Contains(value.TrimEnd(".,!")))
            return false;

        return !isProse || strength == KeyStrength.Strong || value.IndexOfAnyInRange('0', '9') >= 0 || value.Length >= LongValue;
    }
}
