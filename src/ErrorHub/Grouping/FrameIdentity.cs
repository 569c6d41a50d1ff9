using System.Text.RegularExpressions;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>What of a frame stays the same from build to build: where it is and what it is called, without compilers' numbers.</summary>
internal static partial class FrameIdentity
{
    // Where every crash of a kind passes through; they say nothing about the bug.
    private static readonly HashSet<string> Noise =
    [
        "raise", "abort", "gsignal", "__GI_raise", "__GI_abort", "__assert_fail", "__assert_fail_base", "__libc_start_main", "_start",
        "g_logv", "g_log", "g_assertion_message", "g_assertion_message_expr", "rust_panic", "__rust_start_panic", "rust_begin_unwind",
        "std::panicking::begin_panic", "core::panicking::panic", "core::panicking::panic_fmt", "ThrowHelper.Throw",
    ];

    private static readonly HashSet<string> Nameless =
        ["<anonymous>", "?", "anonymous", "Anonymous function", "<module>", "<lambda>", "{closure}", "<unknown>", "<redacted>", "??", "[native code]"];

    /// <summary>False for frames without any name, and for runtimes' own throw and abort functions.</summary>
    internal static bool IsMeaningful(SentryStackFrame frame, string platform)
    {
        if (frame.Function is { } function && (Noise.Contains(function) || frame.Module is "System.ThrowHelper"))
            return false;

        return PlaceOf(frame).Length > 0 || (frame.Function is { } name && !Nameless.Contains(NameOf(name, frame.Platform ?? platform)));
    }

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
                name = name.Replace("async ", "", StringComparison.Ordinal).Replace("new ", "", StringComparison.Ordinal);
                var alias = name.IndexOf(" [as ", StringComparison.Ordinal);
                name = alias > 0 ? name[..alias] : name;
                return name.EndsWith("/<", StringComparison.Ordinal) ? "<anonymous>" : name[(name.LastIndexOf('.') + 1)..];
            case "csharp":
                return LambdaNumber().Replace(name, "");
            case "java" or "kotlin":
                return name.StartsWith("lambda$", StringComparison.Ordinal) ? JavaLambda().Replace(name, "") : name;
            default:
                return GeneratedNumbers().Replace(name, "");
        }
    }

    /// <summary>
    /// Undoes what the C# compiler makes of async methods, iterators, lambdas and local functions:
    /// <c>Shop+&lt;PayAsync&gt;d__4.MoveNext</c>, <c>Shop+&lt;&gt;c.&lt;Pay&gt;b__2_0</c>, <c>Shop.&lt;Pay&gt;g__Check|2_0</c>.
    /// </summary>
    private static (string Place, string Name) WithoutStateMachine(string place, string name)
    {
        if (name == "MoveNext" && StateMachine().Match(place) is { Success: true } machine)
            name = machine.Groups[1].Value;
        else if (LocalFunction().Match(name) is { Success: true } local)
            name = $"{local.Groups[1].Value}.{local.Groups[2].Value}";
        else if (Lambda().Match(name) is { Success: true } lambda)
            name = $"{lambda.Groups[1].Value}.lambda";

        return (CompilerClass().Replace(place, ""), name);
    }

    [GeneratedRegex(@"[+.]<(\w{1,200})>d__\d+", RegexOptions.CultureInvariant)]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"^<(\w{1,200})>g__(\w{1,200})\|", RegexOptions.CultureInvariant)]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"^<(\w{1,200})>b__", RegexOptions.CultureInvariant)]
    private static partial Regex Lambda();

    [GeneratedRegex(@"[+.]<[^>]{0,200}>(c(__DisplayClass\w+)?|d__\d+)(`\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex CompilerClass();

    // Ben.Demystifier numbers a method's lambdas: "Main(string[] args)+() => { } [2]".
    [GeneratedRegex(@"\s\[\d+\]$", RegexOptions.CultureInvariant)]
    private static partial Regex LambdaNumber();

    [GeneratedRegex(@"\$\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex JavaLambda();

    // app.3f9c2b71.js, main-4e1d2a90b3.chunk.js
    [GeneratedRegex(@"[.-](?=[0-9a-f]*\d)[0-9a-f]{6,64}(?=\.)", RegexOptions.CultureInvariant)]
    private static partial Regex BundleHash();

    // Shop$$Lambda$14/0x000001, Shop$$EnhancerBySpringCGLIB$$1a2b3c4d, foo::h0123456789abcdef, f [clone .isra.0], GeneratedMethodAccessor12
    [GeneratedRegex(
        @"\$\$Lambda.*$|\$\$EnhancerBy\w+\$\$[0-9a-f]+|::h[0-9a-f]{16}$|\s\[clone [^\]]*\]|(?<=Generated(Method|Constructor|SerializationConstructor)Accessor)\d+",
        RegexOptions.CultureInvariant)]
    private static partial Regex GeneratedNumbers();
}
