using System.Buffers;
using static ErrorHub.Scrubbing.Detector;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>How a text gives a value to a name.</summary>
internal enum SecretForm
{
    /// <summary>Between quotes.</summary>
    Quoted,

    /// <summary>Behind a sign without a blank: <c>token=x</c>.</summary>
    Assigned,

    /// <summary>Behind a colon as in prose: <c>token: x</c>.</summary>
    Told,

    /// <summary>Behind a verb: <c>the token is x</c>.</summary>
    Said,
}

/// <summary>A name that a value belongs to.</summary>
/// <param name="Strength">How sure it is that the value is secret.</param>
/// <param name="IsCookie">True when all of the line is the value.</param>
/// <param name="IsAuthorization">True when a scheme may stand before the value.</param>
/// <param name="IsVague">True when a short number under it is a count, a status or a signal: <c>pass: 12</c>.</param>
/// <param name="Quote">The quote before it; a blank for none.</param>
internal readonly record struct SecretName(KeyStrength Strength, bool IsCookie, bool IsAuthorization, bool IsVague, char Quote);

/// <summary>Knows where a value ends, and what an app says about a secret from the secret.</summary>
internal static class SecretValue
{
    private const int LongValue = 16;
    private const int ShortNumber = 5;
    private const int MaxName = 64;
    private const int MaxWrapper = 24;

    /// <summary>Passwords hold all other characters.</summary>
    internal static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n");
    private static readonly SearchValues<char> Ends = SearchValues.Create(",;)}]&\"'`<>|\\");

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,");
    private static readonly SearchValues<char> OfCredentials = SearchValues.Create("0123456789=");

    // What is told of a secret, as far as it is not known by its ending or by the words behind it.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Prose = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "is", "was", "are", "must", "not", "no", "too", "at", "to", "in", "of", "on", "for", "from", "has", "have", "had", "should", "cannot",
        "can", "could", "can't", "required", "missing", "invalid", "expired", "incorrect", "wrong", "empty", "null", "none", "nil", "undefined", "true", "false",
        "set", "unset", "unknown", "rejected", "refused", "denied", "failed", "failure", "error", "valid", "ok", "yes", "given", "provided", "needed", "unexpected",
        "string", "str", "int", "bool", "boolean", "object", "number", "any", "optional", "field", "value", "length", "weak", "short", "long", "case", "already",
        "being", "used", "stored", "changed", "reset", "revoked", "malformed", "absent", "never", "only", "found", "does", "did", "it", "this", "that", "your",
        "please", "cancellationtoken", "secretstr", "system.string", "new", "old", "same", "still", "also", "now", "or", "and", "with", "without", "bad",
        "forbidden", "be", "correct", "present", "blank", "similar", "minimum", "maximum",
        "falsch", "ungültig", "leer", "erforderlich", "nötig", "abgelaufen", "zu", "nicht", "gesperrt", "unbekannt", "gesetzt", "geändert", "richtig", "korrekt",
        "requis", "obligatoire", "invalide", "manquant", "vide", "expiré", "trop", "incorrecta", "incorrecto", "incorreta", "incorreto", "inválida", "inválido", "obligatoria", "obligatorio",
        "onjuist", "ongeldig", "verplicht", "leeg", "stale", "obrigatória", "obrigatório", "requerida", "requerido", "vacía", "vazia", "expirada", "demasiado", "muito", "muy",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] EndsOfProse = ["ed", "able", "ible", "ing"];

    /// <summary>Adds the value that begins here; gives where to read on.</summary>
    internal static int Add(ReadOnlySpan<char> text, int at, SecretName name, SecretForm form, List<Finding> found, ref int stop)
    {
        at = BeginOf(text, at);
        var isEscaped = At(text, at) == '\\' && At(text, at + 1) is '"' or '\'';
        var quote = At(text, isEscaped ? at + 1 : at);
        if (IsQuote(quote))
        {
            at += isEscaped ? 2 : 1;
            var close = EndOfQuoted(text, at, quote, isEscaped);
            if (IsSecret(text[at..close], name, SecretForm.Quoted))
                found.Add(new Finding(at, close, TextScrubber.Filtered));

            return close;
        }

        var end = name.IsCookie ? EndOfLine(text, at, name.Quote) : EndOfPlain(text, at, ref stop);
        if (end < text.Length && text[end] == ' ' && (IsScheme(text[at..end]) || (name.IsAuthorization && !Prose.Contains(text[at..end]) && IsCredentialNext(text[(end + 1)..]))))
            end = EndOfLine(text, at, name.Quote);

        if (IsSecret(text[at..end], name, form) && !(form == SecretForm.Told && AreLetters(text[at..end]) && IsTold(text, end)))
            found.Add(new Finding(at, end, TextScrubber.Filtered));

        return Math.Max(at, end);
    }

    /// <summary>False for what an app says about a secret, and for what stands in its place.</summary>
    internal static bool IsSecret(ReadOnlySpan<char> value, SecretName name, SecretForm form)
    {
        var word = value.TrimEnd(".,!:;");
        if (word.IndexOfAnyExcept('*') < 0 || Prose.Contains(word) || IsVariable(word) || IsColumn(word) || IsOnlyBrackets(value))
            return false;
        if (form == SecretForm.Quoted)
            return value.Length > 2 || char.IsLetterOrDigit(value[0]);

        var hasDigit = value.IndexOfAnyInRange('0', '9') >= 0;
        if ((name.IsVague || word.Contains('.')) && word.Length <= ShortNumber && !word.ContainsAnyExcept(OfNumbers))
            return false;
        if (form == SecretForm.Assigned)
            return !name.IsVague || word.Length > ShortNumber || hasDigit || !AreUpper(word);

        return hasDigit || (name.Strength == KeyStrength.Strong ? form == SecretForm.Told || !IsAdjective(word) : value.Length >= LongValue);
    }

    /// <summary>True for a word that is said about a secret.</summary>
    internal static bool IsTalk(ReadOnlySpan<char> word) => Prose.Contains(word);

    /// <summary>Where the text between quotes ends.</summary>
    internal static int EndOfQuoted(ReadOnlySpan<char> text, int at, char quote, bool isEscaped)
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

    /// <summary>Where a value without quotes ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="stop">Where it ends at the latest, if known: many values can end before the same stop, which is searched once.</param>
    internal static int EndOfPlain(ReadOnlySpan<char> text, int at, ref int stop)
    {
        if (stop < at)
            stop = text[at..].IndexOfAny(Stops) is >= 0 and var next ? at + next : text.Length;

        for (var end = at; ; end++)
        {
            var hit = text[end..stop].IndexOfAny(Ends);
            if (hit < 0)
                return stop;

            end += hit;
            if (IsEnd(text, at, end, stop))
                return end;
        }
    }

    /// <summary>True for what opens and closes a text.</summary>
    internal static bool IsQuote(char c) => c is '"' or '\'' or '`';

    // A bracket, a comma or a quote ends a value only where something ends, or the next name begins: passwords hold them all.
    private static bool IsEnd(ReadOnlySpan<char> text, int at, int end, int stop)
    {
        var after = At(text, end + 1);
        return end + 1 >= stop || text[end] switch
        {
            // ";User Id=sa" has a blank in its name.
            ';' => IsNameNext(text[(end + 1)..stop]) || AreLetters(text[(end + 1)..stop]),
            '&' or '|' => IsNameNext(text[(end + 1)..stop]),
            '\\' => after is 'n' or 'r' or 't' or 'u' or '"' or '\'' or '\\',
            '<' => after is '/' or '!',
            '>' => after == '<' || text[at] == '<',
            _ => after is ',' or ')' or '}' or ']' or '.' or ':' or '>' or '"' or '\'' or '`' || (text[end] == ',' && IsNameNext(text[(end + 1)..stop])),
        };
    }

    private static bool IsNameNext(ReadOnlySpan<char> text)
    {
        text = text.TrimStart("\"'");
        var end = KeyRules.EndOfName(text, 0);
        return end > 0 && text[end..].TrimStart("\"'") is ['=' or ':', ..];
    }

    /// <summary>Behind blanks, and behind what a value is wrapped in: <c>b'x'</c>, <c>@"x"</c>, <c>['x']</c>, <c>Some("x")</c>, <c>string(10) "x"</c>.</summary>
    private static int BeginOf(ReadOnlySpan<char> text, int at)
    {
        var isArrow = at > 0 && text[at - 1] == '>';
        var isColon = at > 0 && text[at - 1] == ':';
        while (at < text.Length && (text[at] == ' ' || (isArrow && text[at] is '\r' or '\n' or '\t') || (isColon && IsIndentNext(text, at))))
            at++;

        if (At(text, at) is 'b' or 'u' or 'r' or '$' or '@' && At(text, at + 1) is '"' or '\'')
            return at + 1;

        var quote = at;
        while (quote < text.Length && quote - at < MaxWrapper && char.IsAsciiLetter(text[quote]))
            quote++;

        if (At(text, quote) is not ('(' or '[' or '{'))
            return at;

        quote++;
        while (char.IsAsciiDigit(At(text, quote)) && quote - at < MaxWrapper)
            quote++;
        if (At(text, quote) == ')')
            quote++;
        while (quote < text.Length && quote - at < MaxWrapper && char.IsWhiteSpace(text[quote]))
            quote++;

        return quote < text.Length && IsQuote(text[quote]) ? quote : at;
    }

    // YAML: "password: |" and the value in the next line, further to the right.
    private static bool IsIndentNext(ReadOnlySpan<char> text, int at) =>
        (text[at] is '|' or '>' && At(text, at + 1) == '\n') || (text[at] == '\n' && at + 2 < text.Length && text[at + 1] == ' ');

    private static int EndOfLine(ReadOnlySpan<char> text, int at, char quote)
    {
        var end = quote == ' ' ? text[at..].IndexOfAny('\r', '\n') : text[at..].IndexOfAny('\r', '\n', quote);
        return end < 0 ? text.Length : at + end;
    }

    private static bool IsScheme(ReadOnlySpan<char> value) =>
        value.Equals("bearer", StringComparison.OrdinalIgnoreCase) || value.Equals("basic", StringComparison.OrdinalIgnoreCase)
        || value.Equals("digest", StringComparison.OrdinalIgnoreCase) || value.Equals("negotiate", StringComparison.OrdinalIgnoreCase)
        || value.Equals("ntlm", StringComparison.OrdinalIgnoreCase) || value.Equals("token", StringComparison.OrdinalIgnoreCase)
        || value.Equals("apikey", StringComparison.OrdinalIgnoreCase) || value.StartsWith("aws4-", StringComparison.OrdinalIgnoreCase);

    // Of schemes that nobody has heard of, too: "Authorization: SSWS 00QCj…".
    private static bool IsCredentialNext(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(Stops);
        return (end < 0 ? text : text[..end]).ContainsAny(OfCredentials);
    }

    /// <summary>True when words follow, and no further name with a value.</summary>
    private static bool IsTold(ReadOnlySpan<char> text, int end)
    {
        if (end + 1 >= text.Length || text[end] != ' ')
            return false;

        var word = text[(end + 1)..];
        if (IsQuote(word[0]))
            return true;

        var length = 0;
        while (length < word.Length && length < MaxName && (char.IsLetter(word[length]) || word[length] == '\''))
            length++;

        return length > 0 ? At(word, length) is not ('=' or ':' or '_' or '-') && !char.IsAsciiDigit(At(word, length)) : char.IsAsciiDigit(word[0]);
    }

    // $1, ${NAME}, @p0, :name, %s, ?, {{name}}, <name>: what a program fills in.
    private static bool IsVariable(ReadOnlySpan<char> value) => value switch
    {
        "?" => true,
        ['$', '{', ..] or ['{', '{', ..] or ['#', '{', ..] or ['%', '(' or 's' or 'd', ..] => true,
        ['<', .. var name] when AreLetters(name.TrimEnd('>')) => true,
        ['$', .. var name] => name.IndexOfAnyExceptInRange('0', '9') < 0 || AreLetters(name),
        [':', .. var name] => AreLetters(name),
        ['@', 'p' or 'P', .. var number] when number.IndexOfAnyExceptInRange('0', '9') < 0 => true,
        ['@', .. var name] => AreLetters(name),
        _ => false,
    };

    // "s.session_id = u.session_id"
    private static bool IsColumn(ReadOnlySpan<char> value) =>
        value.LastIndexOf('.') is > 0 and var dot && value.IndexOfAnyInRange('0', '9') < 0 && AreLetters(value[..dot]) && KeyRules.IsSensitive(value[(dot + 1)..]);

    // [Filtered], (none), {…}: written here before, by an SDK, or a list or an object whose own names say what is secret.
    private static bool IsOnlyBrackets(ReadOnlySpan<char> value) =>
        value[0] is '[' or '{' or '(' && (value.Length <= ShortNumber || value.IndexOfAnyInRange('0', '9') < 0 || value.IndexOfAny('=', ':') >= 0 || TextScrubber.HasPlaceholder(value));

    private static bool IsAdjective(ReadOnlySpan<char> word)
    {
        foreach (var end in EndsOfProse)
            if (word.Length > end.Length + 2 && word.EndsWith(end, StringComparison.Ordinal) && AreLetters(word))
                return true;

        return false;
    }

    private static bool AreLetters(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
            if (!char.IsLetter(c) && c is not ('_' or '.' or ',' or '!' or ':' or '\''))
                return false;

        return value.Length > 0;
    }

    private static bool AreUpper(ReadOnlySpan<char> value) => value.IndexOfAnyExceptInRange('A', 'Z') < 0;
}
