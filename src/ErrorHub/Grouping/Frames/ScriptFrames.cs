using System.Buffers;

namespace ErrorHub.Grouping.Frames;

/// <summary>Python: the last name of a path, for runtimes before 3.11 send no other; what runs inside a function's own brackets is the function.</summary>
internal static class PythonFrames
{
    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = function[(function.LastIndexOf('.') + 1)..];
        return name is "<lambda>" ? "" : name;
    }
}

/// <summary>Go: <c>Cart.Pay.func1.2</c>, <c>Pay.gowrap1</c>, <c>Pay[...]</c> without numbers and type arguments.</summary>
internal static class GoFrames
{
    private static readonly string[] Marks = ["func", "gowrap", "deferwrap", "dwrap·", "-range", "func.", "glob."];

    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = function.Contains('[', StringComparison.Ordinal) ? WithoutTypes(function) : function;
        return name.Contains('.', StringComparison.Ordinal) ? NameText.WithoutNumbersAfter(name, Marks).TrimEnd('.') : name;
    }

    private static string WithoutTypes(string function)
    {
        var (open, close) = (function.IndexOf('[', StringComparison.Ordinal), function.LastIndexOf(']'));
        return close > open ? function.Remove(open, close - open + 1) : function;
    }
}

/// <summary>Ruby: blocks, rescues and ensures by the method around them, methods without the class that only newer versions print.</summary>
internal static class RubyFrames
{
    private static readonly SearchValues<char> TemplateNumbers = SearchValues.Create("0123456789_-");

    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = function.AsSpan();
        var isBlock = name.StartsWith("block", StringComparison.Ordinal);
        if (name.LastIndexOf(" in ", StringComparison.Ordinal) is > 0 and var inside)
            name = name[(inside + 4)..];

        if (!name.StartsWith("<", StringComparison.Ordinal))
            name = name[(name.LastIndexOfAny('#', '.') + 1)..];

        // Templates: _app_views_orders_show_html_erb__123_456
        if (name.LastIndexOf("__", StringComparison.Ordinal) is > 0 and var template && !name[(template + 2)..].ContainsAnyExcept(TemplateNumbers))
            name = name[..template];

        return isBlock ? $"block in {name}" : name.Length == function.Length ? function : name.ToString();
    }
}

/// <summary>PHP: anonymous classes without the file and line they are named by, closures by what they were written in.</summary>
internal static class PhpFrames
{
    private const string AnonymousClass = "class@anonymous";

    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        // {closure:Shop\Cart::pay():12}, as of 8.4
        if (function.IndexOf("{closure:", StringComparison.Ordinal) is >= 0 and var closure && function.LastIndexOf(':') is var line && line > closure + 9)
            return $"{function[..closure]}{{closure}} in {function[(closure + 9)..line]}";

        var at = function.IndexOf(AnonymousClass, StringComparison.Ordinal);
        if (at < 0)
            return function.StartsWith("[Anonymous", StringComparison.Ordinal) ? "" : function;

        var member = function.LastIndexOf("::", StringComparison.Ordinal);
        return string.Concat(function.AsSpan(0, at), AnonymousClass, member > at ? function.AsSpan(member) : "");
    }
}

/// <summary>Dart: closures by the method around them, constructors by their class.</summary>
internal static class DartFrames
{
    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = NameText.Before(NameText.Before(function, ".<anonymous closure>"), ".<fn>");
        return name.StartsWith("new ", StringComparison.Ordinal) ? name[4..] : name;
    }
}

/// <summary>Elixir and Erlang: anonymous functions without their numbers: <c>-pay/2-fun-0-</c>, <c>anonymous fn/1 in Shop.pay/2</c>.</summary>
internal static class ElixirFrames
{
    private static readonly string[] Marks = ["-fun-", "-lc$^", "anonymous fn/"];

    internal static string NameOf(string function) => NameText.IsNone(function) ? "" : NameText.WithoutNumbersAfter(function, Marks);
}
