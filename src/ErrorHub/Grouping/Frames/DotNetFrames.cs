using System.Buffers;

namespace ErrorHub.Grouping.Frames;

/// <summary>
/// Undoes what the compilers of C#, F# and Visual Basic make of async methods, iterators, lambdas and local functions, and reads the
/// spellings of Mono, Unity, IL2CPP and Ben.Demystifier as the one of the runtime.
/// </summary>
internal static class DotNetFrames
{
    private static readonly SearchValues<char> Marks = SearchValues.Create(" <>([:|`+/@$");

    internal static FrameName NameOf(string function, string module)
    {
        if (function.Length > 10 && WithoutIl2Cpp(function) is { } source)
            function = source;

        // Nearly every frame is a plain name in a plain class.
        if (module.Length > 0 && IsPlain(function) && IsPlain(module))
            return function == "MoveNext" ? StateMachine(module, function) : new(NameText.IsNone(function) ? "" : function, module);

        function = WithoutSignature(function, out var suffix);
        (module, function) = Split(module, function);
        return StateMachine(module, function) switch
        {
            var name when suffix.Length > 0 => name with { Name = $"{name.Name}.{suffix}" },
            var name => name,
        };
    }

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAny(Marks) && !text.Contains("U3C", StringComparison.Ordinal);

    /// <summary>
    /// Without return type, arguments and generic arguments, and without the words and paths around them in a line of a printed trace in
    /// any language: <c>bei Shop.Cart.Pay(Int32 id) in C:\Cart.cs:Zeile 3</c>. What stands behind the arguments is a lambda's or a local
    /// function's, as Demystifier prints it: <c>void Main(string[] args)+() => { } [2]</c>.
    /// </summary>
    private static string WithoutSignature(string function, out string suffix)
    {
        suffix = "";
        var start = 0;
        if (function.StartsWith("(wrapper", StringComparison.Ordinal) && function.IndexOf(')', StringComparison.Ordinal) is > 0 and var end)
            start = end + 1;

        var open = function.IndexOf('(', start);
        if (open >= 0)
        {
            var close = function.IndexOf(")+", open, StringComparison.Ordinal);
            if (close > 0)
            {
                var inner = function.AsSpan(close + 2);
                var name = inner[..Math.Max(0, inner.IndexOf('('))].Trim();
                suffix = name.Length == 0 ? "lambda" : name[(name.LastIndexOf(' ') + 1)..].ToString();
            }
        }

        var head = (open < 0 ? function.AsSpan(start) : function.AsSpan(start, open - start)).Trim();
        var isConstructor = head.StartsWith("new ", StringComparison.Ordinal) && open > 0;
        head = WithoutGenericArguments(head);
        head = head[(head.LastIndexOf(' ') + 1)..];
        return isConstructor ? $"{head}..ctor" : head.Length == function.Length ? function : head.ToString();
    }

    /// <summary><c>Pay[T]</c>, <c>Pay&lt;T&gt;</c>; angle brackets at the start of a name are the compiler's.</summary>
    private static ReadOnlySpan<char> WithoutGenericArguments(ReadOnlySpan<char> name)
    {
        var bracket = name.IndexOf('[');
        if (bracket > 0)
            name = name[..bracket];

        for (var i = 1; i < name.Length; i++)
            if (name[i] == '<' && (char.IsLetterOrDigit(name[i - 1]) || name[i - 1] == '_') && name[^1] == '>')
                return name[..i];

        return name;
    }

    /// <summary>A class that stands before the method goes to the module: <c>Shop.Cart:Pay</c>, and <c>Shop.Cart.Pay</c> without a module.</summary>
    private static (string Module, string Function) Split(string module, string function)
    {
        var colon = function.LastIndexOf(':');
        if (colon > 0 && colon < function.Length - 1)
            return (module.Length > 0 ? module : function[..colon].TrimEnd(':'), function[(colon + 1)..]);

        var isConstructor = function.EndsWith("..ctor", StringComparison.Ordinal) || function.EndsWith("..cctor", StringComparison.Ordinal);
        var dot = isConstructor ? function.LastIndexOf("..", StringComparison.Ordinal) : LastDotOutsideBrackets(function);
        if (dot <= 0)
            return (module, function);

        // With a module the class in front of the method is a repetition of it.
        return module.Length == 0 || module.EndsWith(function[..dot], StringComparison.Ordinal)
            ? (module.Length > 0 ? module : function[..dot], function[(dot + 1)..])
            : (module, function);
    }

    private static int LastDotOutsideBrackets(string function)
    {
        var depth = 0;
        for (var i = function.Length - 1; i > 0; i--)
        {
            depth += function[i] switch { '>' => 1, '<' => -1, _ => 0 };
            if (function[i] == '.' && depth == 0)
                return i;
        }

        return -1;
    }

    /// <summary>
    /// <c>Shop+&lt;PayAsync&gt;d__4.MoveNext</c>, <c>Shop+&lt;&gt;c.&lt;Pay&gt;b__2_0</c>, <c>Shop.&lt;Pay&gt;g__Check|2_0</c>, and an async
    /// lambda, which is both: <c>Shop+&lt;&gt;c+&lt;&lt;Pay&gt;b__2_0&gt;d.MoveNext</c>.
    /// </summary>
    private static FrameName StateMachine(string module, string function)
    {
        Span<char> kept = stackalloc char[NameText.MaxLength];
        var length = 0;
        var machine = ReadOnlySpan<char>.Empty;
        var rest = module.AsSpan();
        if (rest.IndexOf("[[", StringComparison.Ordinal) is > 0 and var arguments)
            rest = rest[..arguments];

        while (!rest.IsEmpty)
        {
            var part = rest[..EndOfPart(rest)];
            rest = rest[Math.Min(rest.Length, part.Length + 1)..];
            if (IsCompilers(part, out var method))
            {
                machine = method.IsEmpty ? machine : method;
                continue;
            }

            if (part.IndexOfAny('`', '[') is > 0 and var arity)
                part = part[..arity];

            if (length > 0)
                kept[length++] = '.';

            part.CopyTo(kept[length..]);
            length += part.Length;
        }

        var name = function is "MoveNext" or "Invoke" or "InvokeAsync" or "" && !machine.IsEmpty ? MethodOf(machine) : MethodOf(function);
        var place = kept[..length].SequenceEqual(module) ? module : kept[..length].ToString();
        return new(NameText.IsNone(name) ? "" : name, place);
    }

    /// <summary>Parts of a nested class are divided by <c>+</c>, <c>/</c> or <c>.</c>, but not inside the compiler's brackets.</summary>
    private static int EndOfPart(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth <= 0 && text[i] is '+' or '/' or '.' && depth <= 0)
                return i;
        }

        return text.Length;
    }

    /// <summary>True for a class of the compiler's: <c>&lt;&gt;c__DisplayClass7_0</c>, <c>&lt;PayAsync&gt;d__4</c>, <c>VB$StateMachine_4_Pay</c>, <c>clo@12-1</c>.</summary>
    private static bool IsCompilers(ReadOnlySpan<char> part, out ReadOnlySpan<char> method)
    {
        method = default;
        if (part.StartsWith("VB$StateMachine_", StringComparison.Ordinal) || part.StartsWith("_Closure$__", StringComparison.Ordinal))
        {
            var name = part[(part.LastIndexOf('_') + 1)..];
            method = part[0] == 'V' ? name : default;
            return true;
        }

        if (part.IndexOf('@') is > 0 and var at)
        {
            method = part[..at] is "clo" ? default : part[..at];
            return true;
        }

        if (part.Length < 3 || part[0] != '<' || part.LastIndexOf('>') is var close && (close < 1 || close + 1 >= part.Length || !char.IsAsciiLetter(part[close + 1])))
            return false;

        method = part[1..close];
        return true;
    }

    /// <summary>The method as written, of a name that the compiler made of it.</summary>
    private static string MethodOf(ReadOnlySpan<char> name)
    {
        if (name.IndexOf('@') is > 0 and var at && char.IsAsciiDigit(name[Math.Min(at + 1, name.Length - 1)]))
            return name[..at].ToString();

        if (name.StartsWith("_Lambda$__", StringComparison.Ordinal))
            return "lambda";

        if (name.Length < 4 || name[0] != '<' || name.LastIndexOf('>') is var close && close < 2)
            return name.ToString();

        var method = name[1..close];
        var made = name[(close + 1)..];
        // Inside: "<Pay>b__2_0" of the async lambda "<<Pay>b__2_0>d".
        if (made.StartsWith("d", StringComparison.Ordinal) && method[0] == '<')
            return MethodOf(method);

        if (made.StartsWith("g__", StringComparison.Ordinal))
        {
            var local = made[3..];
            return $"{method}.{(local.IndexOf('|') is > 0 and var bar ? local[..bar] : local)}";
        }

        return made.StartsWith("b__", StringComparison.Ordinal) || made.StartsWith("m__", StringComparison.Ordinal) ? $"{method}.lambda"
            : made.StartsWith("d__", StringComparison.Ordinal) || made.StartsWith("c__", StringComparison.Ordinal) || made is "d" ? method.ToString()
            : name.ToString();
    }

    /// <summary>
    /// <c>Cart_Pay_m1A2B3C…</c>, as IL2CPP names functions, with a hash at the end and <c>U3C</c>, <c>U3E</c> for angle brackets; null for
    /// any other name.
    /// </summary>
    private static string? WithoutIl2Cpp(string function)
    {
        var mark = function.LastIndexOf("_m", StringComparison.Ordinal);
        if (mark <= 0)
            return null;

        var hash = function.AsSpan(mark + 2);
        var end = hash.IndexOf('_');
        hash = end < 0 ? hash : hash[..end];
        return hash.Length is >= 8 and <= 64 && NameText.IsHex(hash)
            ? function[..mark].Replace("U3C", "<", StringComparison.Ordinal).Replace("U3E", ">", StringComparison.Ordinal)
            : null;
    }
}
