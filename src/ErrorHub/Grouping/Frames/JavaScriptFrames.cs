using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping.Frames;

/// <summary>One name for what the four engines spell in their own ways, and none for what a minifier made up.</summary>
internal static class JavaScriptFrames
{
    internal static FrameName NameOf(SentryStackFrame frame, string function)
    {
        var place = PlaceOf(frame);
        var name = FunctionOf(function);
        return new(name.Length is > 0 and <= 2 && IsMinified(frame) ? "" : name, place);
    }

    /// <summary>
    /// <c>Object.pay</c>, <c>async Cart.pay</c>, <c>new Cart</c>, <c>Cart.pay [as handler]</c>, <c>cart/pay</c>, <c>pay@shop.js</c>: the last
    /// name; none for <c>Object.&lt;anonymous&gt;</c>, Firefox's <c>pay/&lt;</c> and <c>eval</c>.
    /// </summary>
    private static string FunctionOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = function.AsSpan().Trim();
        foreach (var prefix in (ReadOnlySpan<string>)["async ", "new ", "async*", "get ", "set ", "bound "])
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                name = name[prefix.Length..];

        if (name.IndexOf(" [as ", StringComparison.Ordinal) is > 0 and var alias)
            name = name[..alias];

        if (name.IndexOf('(') is > 0 and var arguments)
            name = name[..arguments].TrimEnd();

        if (name.EndsWith("<", StringComparison.Ordinal) || name.EndsWith("<anonymous>", StringComparison.Ordinal) || name is "eval" or "eval code" or "global code")
            return "";

        name = name[(name.LastIndexOfAny('.', '/') + 1)..];
        // Babel's and TypeScript's own: _callee$, _pay2
        if (name.StartsWith("_callee", StringComparison.Ordinal))
            return "";

        return name.Length == function.Length ? function : name.ToString();
    }

    private static string PlaceOf(SentryStackFrame frame)
    {
        var path = frame.Filename ?? frame.AbsPath ?? "";
        if (path.Length == 0 || path[0] == '<' || path.StartsWith("eval at ", StringComparison.Ordinal) || path.StartsWith("blob:", StringComparison.Ordinal))
            return "";

        return FileNames.Of(frame);
    }

    /// <summary>Minifiers put a whole program on a few lines, so that its frames lie far to the right, or on the first line.</summary>
    private static bool IsMinified(SentryStackFrame frame) =>
        frame.ColNo > 500 || frame is { LineNo: 1, ColNo: > 100 } || (frame.Filename ?? "").Contains(".min.", StringComparison.Ordinal);
}
