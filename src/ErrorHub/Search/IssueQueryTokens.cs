using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ErrorHub.Search;

/// <summary>One term as written: a word, or a key with one or more values.</summary>
internal sealed record QueryToken(int Position, bool Negated, string? Key, IReadOnlyList<QueryWord> Values);

/// <summary>A value as written; a quoted one is taken literally.</summary>
internal readonly record struct QueryWord(string Text, bool Quoted, int Position);

/// <summary>Splits the search box into terms. Knows quotation marks, negation and lists, but not what any key means.</summary>
internal ref struct IssueQueryTokens
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private IssueQueryTokens(ReadOnlySpan<char> text) => _text = text;

    public static bool TryRead(
        string text, [NotNullWhen(true)] out IReadOnlyList<QueryToken>? tokens, [NotNullWhen(false)] out IssueQueryError? error)
    {
        tokens = null;
        error = Unreadable(text);
        if (error is not null)
            return false;

        var reader = new IssueQueryTokens(text);
        var found = new List<QueryToken>();
        while (reader.SkipSpace())
        {
            if (found.Count == IssueQuery.MaxTerms)
            {
                error = new IssueQueryError(reader._at, $"A query has at most {IssueQuery.MaxTerms} terms.");
                return false;
            }

            if (!reader.TryReadToken(out var token, out error))
                return false;

            found.Add(token);
        }

        tokens = found;
        return true;
    }

    // PostgreSQL stores neither the zero character nor half a surrogate pair, so nothing can match them.
    private static IssueQueryError? Unreadable(string text)
    {
        if (text.Length > IssueQuery.MaxLength)
            return new IssueQueryError(IssueQuery.MaxLength, $"A query has at most {IssueQuery.MaxLength} characters.");

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i)))
                return new IssueQueryError(i, "Remove the unreadable character.");

            if (char.IsHighSurrogate(text[i]))
                i++;
        }

        return null;
    }

    private bool SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;

        return _at < _text.Length;
    }

    private bool TryReadToken([NotNullWhen(true)] out QueryToken? token, [NotNullWhen(false)] out IssueQueryError? error)
    {
        token = null;
        error = null;
        var start = _at;
        var negated = _text[_at] == '!' && _at + 1 < _text.Length && !char.IsWhiteSpace(_text[_at + 1]);
        if (negated)
            _at++;

        string? key;
        if (_text[_at] == '"')
        {
            var quote = _at;
            if (!TryReadQuoted(out var word, out error))
                return false;

            if (!StartsValue())
            {
                token = new QueryToken(start, negated, null, [new QueryWord(word, true, quote)]);
                return true;
            }

            key = word;
        }
        else if ((key = ReadKey()) is null)
        {
            var wordStart = _at;
            var word = ReadUntil(char.IsWhiteSpace);
            if (word is "OR" or "AND")
            {
                error = new IssueQueryError(wordStart, $"All terms must hold; {word} is not known. Write \"{word}\" in quotation marks to look for the word.");
                return false;
            }

            token = new QueryToken(start, negated, null, [new QueryWord(word, false, wordStart)]);
            return true;
        }

        _at++; // the colon
        if (!TryReadValues(out var values, out error))
            return false;

        token = new QueryToken(start, negated, key, values);
        return true;
    }

    private string? ReadKey()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '.'))
            _at++;

        if (_at > start && StartsValue())
            return _text[start.._at].ToString();

        _at = start;
        return null;
    }

    // "TypeError: x" pasted from a log is words, and so is http://host.
    private readonly bool StartsValue() =>
        _at + 1 < _text.Length && _text[_at] == ':' && !char.IsWhiteSpace(_text[_at + 1]) && !_text[(_at + 1)..].StartsWith("//");

    private bool TryReadValues([NotNullWhen(true)] out IReadOnlyList<QueryWord>? values, [NotNullWhen(false)] out IssueQueryError? error)
    {
        values = null;
        if (_text[_at] != '[')
        {
            if (!TryReadValue(char.IsWhiteSpace, out var single, out error))
                return false;

            values = [single];
            return true;
        }

        var open = _at++;
        var list = new List<QueryWord>();
        while (SkipSpace() && _text[_at] != ']')
        {
            if (!TryReadValue(static c => c is ',' or ']', out var value, out error))
                return false;

            list.Add(value.Quoted ? value : value with { Text = value.Text.TrimEnd() });
            if (SkipSpace() && _text[_at] == ',')
                _at++;
        }

        if (_at == _text.Length || list.Count is 0 or > 20)
        {
            error = new IssueQueryError(open, "Write a list of up to 20 values as [a, b].");
            return false;
        }

        _at++; // the closing bracket
        values = list;
        error = null;
        return true;
    }

    private bool TryReadValue(Func<char, bool> ends, out QueryWord value, [NotNullWhen(false)] out IssueQueryError? error)
    {
        var start = _at;
        if (_text[_at] != '"')
        {
            value = new QueryWord(ReadUntil(ends), false, start);
            error = null;
            return true;
        }

        var closed = TryReadQuoted(out var text, out error);
        value = new QueryWord(text, true, start);
        return closed;
    }

    private string ReadUntil(Func<char, bool> ends)
    {
        var start = _at;
        while (_at < _text.Length && !ends(_text[_at]))
            _at++;

        return _text[start.._at].ToString();
    }

    // Only \" and \\ are escapes, so that a Windows path needs none.
    private bool TryReadQuoted(out string text, [NotNullWhen(false)] out IssueQueryError? error)
    {
        var open = _at++;
        var content = new StringBuilder();
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '"' or '\\')
                _at++;

            content.Append(_text[_at++]);
        }

        text = content.ToString();
        error = _at < _text.Length ? null : new IssueQueryError(open, "Close the quotation mark, or write \\\" for one that is meant.");
        _at++;
        return error is null;
    }
}
