using System.Text.RegularExpressions;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>What of a frame stays the same from build to build: where it is and what it is called, without compilers' numbers.</summary>
internal static partial class FrameIdentity
{
    // Where native programs pass through when they start or die; they say nothing about the bug.
    private static readonly HashSet<string> Noise =
    [
        "raise", "abort", "gsignal", "_start", "main", "start_thread", "clone", "<signal handler called>", "__kernel_vsyscall",
        "malloc", "free", "_int_malloc", "_int_free", "memcpy", "strlen", "strcmp",
        "__assert_fail", "__assert_fail_base", "__fortify_fail", "__chk_fail",
        "g_log", "g_logv", "g_return_if_fail_warning", "g_assertion_message", "g_assertion_message_expr",
        "rust_panic", "__rust_start_panic", "rust_begin_unwind",
        "std::panicking::begin_panic", "core::panicking::panic", "core::panicking::panic_fmt",
    ];

    private static readonly HashSet<string> Nameless =
        ["<anonymous>", "?", "anonymous", "Anonymous function", "<module>", "<lambda>", "{closure}", "<unknown>", "<redacted>", "??", "[native code]"];

    /// <summary>False for a frame that is only an address.</summary>
    internal static bool IsKnown(SentryStackFrame frame, string platform) =>
        PlaceOf(frame).Length > 0 || (frame.Function is { } name && !Nameless.Contains(NameOf(name, frame.Platform ?? platform)));

    /// <summary>
    /// True for runtimes' own functions to throw, abort and start. What native programs call theirs is a good name for an app's
    /// function in other languages.
    /// </summary>
    internal static bool IsNoise(SentryStackFrame frame, string platform) => frame switch
    {
        { InApp: true } => false,
        { Module: "System.ThrowHelper" } => true,
        // Safari's frame between a function and what the engine called it through.
        { Filename: "[native code]" } => true,
        { Function: { } function } when (frame.Platform ?? platform) is "native" or "c" or "cocoa" or "objc" =>
            Noise.Contains(function)
            || function.StartsWith("__libc_", StringComparison.Ordinal)
            || function.StartsWith("__GI_", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary><c>pay in shop.cart</c>; for a function without a name its source line stands in.</summary>
    internal static Component Of(SentryStackFrame frame, string eventPlatform)
    {
        var platform = frame.Platform ?? eventPlatform;
        var place = PlaceOf(frame);
        var name = NameOf(frame.Function ?? "", platform);
        if (platform == "csharp")
            (place, name) = WithoutStateMachine(place, name);

        if (name.Length == 0 || Nameless.Contains(name))
        {
            var source = MessageParameters.RemoveNumbers(frame.ContextLine?.Trim() ?? "");
            name = source.Length > 0 ? $"<anonymous> {source}" : "<anonymous>";
        }

        return new("frame", place.Length > 0 ? $"{name} in {place}" : name);
    }

    /// <summary>The module, else the name of the file in lower case, without folders and bundlers' hashes.</summary>
    private static string PlaceOf(SentryStackFrame frame)
    {
        if (frame.Module is { Length: > 0 } module)
            return GeneratedNumbers().Replace(module, "");

        var path = frame.Filename ?? frame.AbsPath ?? "";
        if (path.StartsWith('<'))
            return "";

        var query = path.IndexOfAny(['?', '#']);
        var file = query > 0 ? path[..query] : path;
        return BundleHash().Replace(file[(file.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant(), "");
    }

    private static string NameOf(string function, string platform)
    {
        var name = function.Trim();
        switch (platform)
        {
            case "javascript" or "node":
                // Object.<anonymous>, async Foo.bar, new Foo: engines differ in what they put in front.
                name = WithoutPrefix(WithoutPrefix(name, "async "), "new ");
                var alias = name.IndexOf(" [as ", StringComparison.Ordinal);
                name = alias > 0 ? name[..alias] : name;
                return name.EndsWith("/<", StringComparison.Ordinal) ? "<anonymous>" : name[(name.LastIndexOf('.') + 1)..];
            case "csharp":
                return LambdaNumber().Replace(name, "");
            case "java" or "kotlin":
                return JavaNumber().Replace(name, "");
            default:
                return GeneratedNumbers().Replace(name, "");
        }
    }

    private static string WithoutPrefix(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    /// <summary>
    /// Undoes what the C# compiler makes of async methods, iterators, lambdas and local functions:
    /// <c>Shop+&lt;PayAsync&gt;d__4.MoveNext</c>, <c>Shop+&lt;&gt;c.&lt;Pay&gt;b__2_0</c>, <c>Shop.&lt;Pay&gt;g__Check|2_0</c>,
    /// and an async lambda, which is both: <c>Shop+&lt;&gt;c+&lt;&lt;Pay&gt;b__2_0&gt;d.MoveNext</c>.
    /// </summary>
    private static (string Place, string Name) WithoutStateMachine(string place, string name)
    {
        if (name == "MoveNext" && StateMachine().Match(place) is { Success: true } machine)
            name = machine.Groups[1].Value;

        if (LocalFunction().Match(name) is { Success: true } local)
            name = $"{local.Groups[1].Value}.{local.Groups[2].Value}";
        else if (Lambda().Match(name) is { Success: true } lambda)
            name = $"{lambda.Groups[1].Value}.lambda";

        return (CompilerClass().Replace(place, ""), name);
    }

    [GeneratedRegex(@"[+.]<(?!>)([^+]{1,300})>d(?:__\d+)?(?:`\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"^<([^|]{1,200})>g__(\w{1,200})\|", RegexOptions.CultureInvariant)]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"^<([^|]{1,200})>b__", RegexOptions.CultureInvariant)]
    private static partial Regex Lambda();

    [GeneratedRegex(@"[+.]<>c(?:__\w{1,200})?(?:`\d+)?|[+.]<(?!>)[^+]{1,300}>d(?:__\d+)?(?:`\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CompilerClass();

    // Ben.Demystifier numbers a method's lambdas: "Main(string[] args)+() => { } [2]".
    [GeneratedRegex(@"\s\[\d+\]$", RegexOptions.CultureInvariant)]
    private static partial Regex LambdaNumber();

    // lambda$pay$0, access$100
    [GeneratedRegex(@"(?<=^lambda\$.{1,200}\$|^access\$)\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex JavaNumber();

    // app.3f9c2b71.js, main-4e1d2a90b3.chunk.js
    [GeneratedRegex(@"[.-](?=[0-9a-f]*\d)[0-9a-f]{6,64}(?=\.)", RegexOptions.CultureInvariant)]
    private static partial Regex BundleHash();

    // Shop$$Lambda$14/0x000001, Shop$$EnhancerBySpringCGLIB$$1a2b3c4d, GeneratedMethodAccessor12, foo::h0123456789abcdef, f [clone .isra.0],
    // f()::{lambda(int)#2}, lambda_0123456789abcdef0123456789abcdef, main.func1.2
    [GeneratedRegex(
        """
        \$\$Lambda.*$
        |\$\$EnhancerBy\w+\$\$[0-9a-f]+
        |(?<=Generated(?:Method|Constructor|SerializationConstructor)Accessor)\d+
        |::h[0-9a-f]{16}$
        |\s\[clone\ [^\]]*\]
        |(?<=\{lambda\([^)]{0,200}\))\#\d+
        |(?<=\blambda)_[0-9a-f]{32}
        |(?<=\.func)\d+(?:\.\d+)*$
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex GeneratedNumbers();
}
