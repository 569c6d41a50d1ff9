namespace ErrorHub.Grouping.Frames;

/// <summary>
/// A C++ function as its qualified name: no return type, arguments or template arguments, and one spelling for lambdas and unnamed
/// namespaces, which each compiler numbers in its own way.
/// </summary>
internal static class CppNames
{
    private const string Operator = "operator";

    internal static string Read(ReadOnlySpan<char> text)
    {
        Span<char> kept = stackalloc char[NameText.MaxLength + 64];
        var length = 0;
        // Where the name starts: behind the last space outside of brackets, for what stands before is the return type.
        var start = 0;
        var i = 0;
        while (i < text.Length && length < NameText.MaxLength)
        {
            var rest = text[i..];
            switch (text[i])
            {
                case '(' when Named(rest, "(anonymous namespace)", out var skipped) || Named(rest, "(anonymous class)", out skipped):
                    Add("(anonymous)", kept, ref length);
                    i += skipped;
                    break;
                case '`' when Named(rest, "`anonymous namespace'", out var skipped) || Named(rest, "`anonymous-namespace'", out skipped):
                    Add("(anonymous)", kept, ref length);
                    i += skipped;
                    break;
                case '?' when rest.StartsWith("?A0x", StringComparison.Ordinal):
                    Add("(anonymous)", kept, ref length);
                    i = AfterWord(text, i + 1);
                    break;
                case '`' or '\'':
                    // MSVC quotes scopes inside functions: `pay'::`2'::total
                    i++;
                    break;
                case '{' when rest.StartsWith("{lambda", StringComparison.Ordinal) || rest.StartsWith("{{closure", StringComparison.Ordinal):
                    Add("lambda", kept, ref length);
                    i = AfterBracket(text, i, '{', '}');
                    break;
                case '$' when i + 1 < text.Length && text[i + 1] == '_':
                    Add("lambda", kept, ref length);
                    i = AfterWord(text, i + 1);
                    break;
                case '<' when rest.StartsWith("<lambda", StringComparison.Ordinal):
                    Add("lambda", kept, ref length);
                    i = AfterBracket(text, i, '<', '>');
                    break;
                case '<' when length > start && IsWordOrClosing(kept[length - 1]):
                    if (EndsWithOperator(kept[start..length]))
                        goto default;

                    i = AfterBracket(text, i, '<', '>');
                    break;
                case '(' when kept[start..length].EndsWith(Operator, StringComparison.Ordinal) && rest.StartsWith("()", StringComparison.Ordinal):
                    Add("()", kept, ref length);
                    i += 2;
                    break;
                case '(':
                    i = AfterBracket(text, i, '(', ')');
                    // Local to a function: pay(int)::{lambda(int)#1}::operator()
                    if (!text[Math.Min(i, text.Length)..].StartsWith("::", StringComparison.Ordinal) && IsNameComplete(kept[start..length]))
                        return Finish(kept[start..length]);

                    break;
                case '[':
                    if (length > start && EndsWithOperator(kept[start..length]))
                        goto default;

                    i = AfterBracket(text, i, '[', ']');
                    break;
                case ' ' when EndsWithOperator(kept[start..length]) || IsOperatorWord(kept[start..length]):
                    goto default;
                case ' ':
                    if (rest.TrimStart() is ['(', ..] && IsNameComplete(kept[start..length]))
                        i++; // gdb: pay (order=0x0)
                    else if (rest.TrimStart() is ['[', ..] or "const" && IsNameComplete(kept[start..length]))
                        return Finish(kept[start..length]); // pay [clone .cold], pay const
                    else
                        (start, i) = (length, i + 1);

                    break;
                default:
                    kept[length++] = text[i++];
                    break;
            }
        }

        return Finish(kept[start..length]);
    }

    private static bool Named(ReadOnlySpan<char> rest, string name, out int length)
    {
        length = name.Length;
        return rest.StartsWith(name, StringComparison.Ordinal);
    }

    private static void Add(string text, Span<char> kept, ref int length)
    {
        text.CopyTo(kept[length..]);
        length += text.Length;
    }

    private static string Finish(ReadOnlySpan<char> name)
    {
        name = name.Trim().TrimStart("*&");
        if (name.StartsWith("lambda_", StringComparison.Ordinal) || name.IndexOf("::lambda_", StringComparison.Ordinal) >= 0)
            return WithoutLambdaHash(name);

        return name.Length > 0 ? name.ToString() : "";
    }

    /// <summary>MSVC without its brackets: <c>lambda_0123…::operator()</c>.</summary>
    private static string WithoutLambdaHash(ReadOnlySpan<char> name)
    {
        var at = name.IndexOf("lambda_", StringComparison.Ordinal);
        var end = AfterWord(name, at);
        return NameText.IsHex(name[(at + 7)..end]) ? $"{name[..at]}lambda{name[end..]}" : name.ToString();
    }

    private static int AfterWord(ReadOnlySpan<char> text, int i)
    {
        while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_'))
            i++;

        return i;
    }

    /// <summary>Behind the bracket that closes the one at <paramref name="i"/>; the end when it is never closed, as in names that were cut.</summary>
    private static int AfterBracket(ReadOnlySpan<char> text, int i, char open, char close)
    {
        var depth = 0;
        for (; i < text.Length; i++)
        {
            if (text[i] == open)
                depth++;
            else if (text[i] == close && !(close == '>' && i > 0 && text[i - 1] is '-' or '='))
                depth--;

            if (depth == 0)
                return i + 1;
        }

        return text.Length;
    }

    private static bool IsWordOrClosing(char c) => char.IsLetterOrDigit(c) || c is '_' or ')' or '~';

    private static bool IsNameComplete(ReadOnlySpan<char> name) => name.Length > 0 && !name.EndsWith("::", StringComparison.Ordinal);

    /// <summary>The name ends with <c>operator</c> and perhaps some of its sign, so that brackets are part of it.</summary>
    private static bool EndsWithOperator(ReadOnlySpan<char> name)
    {
        var at = name.LastIndexOf(Operator, StringComparison.Ordinal);
        if (at < 0 || (at > 0 && name[at - 1] != ':'))
            return false;

        foreach (var c in name[(at + Operator.Length)..])
            if (char.IsLetterOrDigit(c) || c is '_' or ':' or ')')
                return false;

        return true;
    }

    /// <summary>Within <c>operator new[]</c>, <c>operator unsigned int</c>.</summary>
    private static bool IsOperatorWord(ReadOnlySpan<char> name)
    {
        var at = name.LastIndexOf("operator ", StringComparison.Ordinal);
        return at >= 0 && (at == 0 || name[at - 1] == ':');
    }
}
