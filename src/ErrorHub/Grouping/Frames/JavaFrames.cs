namespace ErrorHub.Grouping.Frames;

/// <summary>Names of the virtual machine without what compilers, proxies and hot-swap tools number.</summary>
internal static class JavaFrames
{
    private static readonly string[] Marks = ["$", "__"];

    /// <summary>
    /// <c>lambda$pay$0</c>, <c>access$100</c>, <c>fn__12</c> without their numbers; Kotlin's <c>pay$default</c> and <c>pay-0d7_KjU</c> as <c>pay</c>.
    /// </summary>
    internal static string NameOf(string function)
    {
        if (NameText.IsNone(function))
            return "";

        var name = function;
        if (name.Contains('-', StringComparison.Ordinal) && name.LastIndexOf('-') is var dash && dash > 0 && name.Length - dash == 8)
            name = name[..dash];

        if (!name.Contains('$', StringComparison.Ordinal) && !name.Contains("__", StringComparison.Ordinal))
            return name;

        foreach (var ending in (ReadOnlySpan<string>)["$default", "$suspendImpl", "$annotations", "$jvm", "$lambda"])
            if (name.EndsWith(ending, StringComparison.Ordinal) && name.Length > ending.Length)
                name = name[..^ending.Length];

        return NameText.WithoutNumbersAfter(name, Marks);
    }

    /// <summary>
    /// The class without proxies' additions: <c>Cart$$EnhancerBySpringCGLIB$$1a2b</c>, <c>Cart$$Lambda$14/0x8</c>, <c>Cart_$$_javassist_3</c>,
    /// <c>Cart$HibernateProxy$f3</c> are <c>Cart</c>; <c>GeneratedMethodAccessor12</c>, <c>$Proxy7</c> and <c>Cart$1</c> lose their numbers.
    /// </summary>
    internal static string ClassOf(string module)
    {
        var name = module;
        if (name.Contains('$', StringComparison.Ordinal))
        {
            if (name.StartsWith("-$$Lambda$", StringComparison.Ordinal))
                name = NameText.Before(name["-$$Lambda$".Length..], "$");

            foreach (var proxy in (ReadOnlySpan<string>)["_$$_", "$$", "$HibernateProxy$", "$MockitoMock$", "$ByteBuddy$", "$auxiliary$"])
                name = NameText.Before(name, proxy);

            name = NameText.WithoutNumbersAfter(name, Marks);
        }

        // java.base/java.lang.Thread, app//shop.Cart
        if (name.LastIndexOf('/') is > 0 and var slash)
            name = name[(slash + 1)..];

        var end = NameText.LengthWithoutEndingDigits(name);
        return end < name.Length && (name.AsSpan(0, end).EndsWith("Accessor", StringComparison.Ordinal) || name.AsSpan(0, end).EndsWith("$Proxy", StringComparison.Ordinal))
            ? name[..end]
            : name;
    }
}
