namespace ErrorHub.Grouping.Frames;

/// <summary>Demangled Swift: the function without its types, and closures without their numbers.</summary>
internal static class SwiftNames
{
    private static readonly string[] Prefixes =
    [
        "partial apply forwarder for ", "partial apply for ", "reabstraction thunk helper ", "protocol witness for ", "merged ", "outlined ", "static ",
        "@objc ", "@nonobjc ", "dispatch thunk of ", "implicit closure ", "closure ", "function signature specialization ", "generic specialization ",
        "specialized ", "(extension in ", "(1) await resume partial function for ", "async function pointer to ",
    ];

    internal static bool IsSwift(ReadOnlySpan<char> name) =>
        name.IndexOf(" -> ", StringComparison.Ordinal) > 0 && name.IndexOf("::", StringComparison.Ordinal) < 0 || StartsWithPrefix(name);

    /// <summary><c>closure #1 (Swift.Int) -> () in App.Cart.pay(id: Swift.Int) -> ()</c> is <c>closure in App.Cart.pay</c>.</summary>
    internal static string Read(ReadOnlySpan<char> name)
    {
        var isClosure = name.IndexOf("closure #", StringComparison.Ordinal) is >= 0 and < 64;
        if (isClosure && name.LastIndexOf(" in ", StringComparison.Ordinal) is > 0 and var inside)
            name = name[(inside + 4)..];

        while (StripPrefix(ref name))
        {
        }

        if (name.IndexOfAny("(<") is > 0 and var arguments)
            name = name[..arguments];

        foreach (var mark in (ReadOnlySpan<string>)[" -> ", " : ", " in "])
            if (name.IndexOf(mark, StringComparison.Ordinal) is > 0 and var at)
                name = name[..at];

        name = name.Trim();
        return isClosure ? $"closure in {name}" : name.ToString();
    }

    private static bool StartsWithPrefix(ReadOnlySpan<char> name)
    {
        foreach (var prefix in Prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return true;

        return false;
    }

    private static bool StripPrefix(ref ReadOnlySpan<char> name)
    {
        foreach (var prefix in Prefixes)
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
                // "(extension in Shop):Swift.Array.pay"; "specialization <Arg[0] = Dead> of …"
                if (prefix[0] == '(' && name.IndexOf("):", StringComparison.Ordinal) is >= 0 and var close)
                    name = name[(close + 2)..];
                else if (name[0] is '<' or '#' && name.IndexOf(" of ", StringComparison.Ordinal) is > 0 and var of)
                    name = name[(of + 4)..];

                return true;
            }

        return false;
    }
}
