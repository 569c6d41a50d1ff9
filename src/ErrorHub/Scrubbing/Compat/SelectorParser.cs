using System.Text;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>Reads selectors: <c>or = and (|| and)*</c>, <c>and = not (&amp;&amp; not)*</c>, <c>not = ! not | ( or ) | path</c>.</summary>
internal ref struct SelectorParser
{
    private const int MaxLength = 4_096;
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private SelectorParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The selector of a text; the problem when it is none.</summary>
    internal static (Selector? Selector, string? Problem) Parse(string text)
    {
        if (text.Length > MaxLength)
            return (null, $"it has more than {MaxLength} characters");

        var parser = new SelectorParser(text);
        try
        {
            var selector = parser.Or();
            parser.Skip();
            return parser._at == text.Length ? (selector, null) : (null, $"character {parser._at + 1} is not expected");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    private Selector Or()
    {
        if (++_depth > MaxDepth)
            throw new FormatException($"there are more than {MaxDepth} levels of parentheses and negations");

        var left = And();
        while (Take('|'))
            left = new Selector.Or(left, And());

        _depth--;
        return left;
    }

    private Selector And()
    {
        var left = Not();
        while (Take('&'))
            left = new Selector.And(left, Not());

        return left;
    }

    private Selector Not()
    {
        Skip();
        if (Peek() is '!' or '~')
        {
            _at++;
            if (++_depth > MaxDepth)
                throw new FormatException($"there are more than {MaxDepth} levels of parentheses and negations");

            var inner = Not();
            _depth--;
            return new Selector.Not(inner);
        }

        if (Peek() != '(')
            return Path();

        _at++;
        var selector = Or();
        Skip();
        if (Peek() != ')')
            throw new FormatException($"a ) is missing at character {_at + 1}");

        _at++;
        return selector;
    }

    private Selector.Path Path()
    {
        List<Selector.Item> items = [Item()];
        while (Peek() == '.')
        {
            _at++;
            items.Add(Item());
        }

        return new Selector.Path(items);
    }

    private Selector.Item Item()
    {
        switch (Peek())
        {
            case '*':
                var isDeep = _at + 1 < _text.Length && _text[_at + 1] == '*';
                _at += isDeep ? 2 : 1;
                return new Selector.Item(null, null, isDeep);
            case '\'':
                return new Selector.Item(null, Quoted(), false);
            case '$':
                _at++;
                var name = Word();
                return PiiTypeNames.Find(name) is { } type
                    ? new Selector.Item(type, null, false)
                    : throw new FormatException($"there is no type ${name}");
            default:
                return new Selector.Item(null, Word(), false);
        }
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-'))
            _at++;

        return _at > start ? _text[start.._at].ToString() : throw new FormatException($"a name is missing at character {_at + 1}; others than letters, digits, - and _ stand in '…'");
    }

    // 'it''s' is the key it's.
    private string Quoted()
    {
        var key = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\'')
            {
                _at++;
                if (Peek() != '\'')
                    return key.ToString();
            }

            key.Append(_text[_at]);
        }

        throw new FormatException("a quote is not closed");
    }

    private bool Take(char twice)
    {
        Skip();
        if (Peek() != twice)
            return false;

        _at += _at + 1 < _text.Length && _text[_at + 1] == twice ? 2 : 1;
        return true;
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }
}
