namespace ErrorHub.Grouping.Frames;

/// <summary>
/// Rust's paths without hashes, whether demangled or as the linker sees them: legacy <c>_ZN4shop3pay17h0123456789abcdefE</c>,
/// <c>shop::pay::h0123456789abcdef</c>, and v0 <c>_RNvCs1234_4shop3pay</c>, <c>shop[1a2b3c]::pay</c>.
/// </summary>
internal static class RustNames
{
    private const int HashLength = 16;

    internal static bool TryRead(ReadOnlySpan<char> name, out string path)
    {
        path = "";
        if (name.StartsWith("_R", StringComparison.Ordinal) && name.Length > 4)
            return TryIdentifiers(name[2..], isLegacy: false, out path);

        if (name.StartsWith("_ZN", StringComparison.Ordinal) && name.IndexOf("17h", StringComparison.Ordinal) is > 0 and var at && at + 19 < name.Length + 1
            && at + 3 + HashLength <= name.Length && NameText.IsHex(name.Slice(at + 3, HashLength)))
            return TryIdentifiers(name[3..at], isLegacy: true, out path);

        var hash = name.LastIndexOf("::h", StringComparison.Ordinal);
        var isLegacy = hash > 0 && name.Length - hash - 3 == HashLength && NameText.IsHex(name[(hash + 3)..]);
        if (isLegacy)
            name = name[..hash];

        var isEscaped = name.Contains("$LT$", StringComparison.Ordinal) || name.Contains("$u20$", StringComparison.Ordinal);
        if (!isLegacy && !isEscaped && !HasCrateHash(name) && !name.StartsWith("<", StringComparison.Ordinal) && !name.Contains("{closure#", StringComparison.Ordinal))
            return false;

        path = Plain(isEscaped ? Unescaped(name) : name.ToString());
        return path.Length > 0;
    }

    private static bool HasCrateHash(ReadOnlySpan<char> name) =>
        name.IndexOf('[') is > 0 and var open && name[open..].IndexOf("]::", StringComparison.Ordinal) is > 1 and var close
        && NameText.IsHex(name.Slice(open + 1, close - 1));

    private static string Unescaped(ReadOnlySpan<char> name) => name.ToString()
        .Replace("$LT$", "<", StringComparison.Ordinal).Replace("$GT$", ">", StringComparison.Ordinal).Replace("$RF$", "&", StringComparison.Ordinal)
        .Replace("$u20$", " ", StringComparison.Ordinal).Replace("$u7b$", "{", StringComparison.Ordinal).Replace("$u7d$", "}", StringComparison.Ordinal)
        .Replace("$C$", ",", StringComparison.Ordinal).Replace("..", "::", StringComparison.Ordinal).TrimStart('_');

    /// <summary>
    /// Without generic arguments, crates' hashes and the numbers of closures; of <c>&lt;shop::Cart as core::fmt::Display&gt;::fmt</c> the type
    /// and the function.
    /// </summary>
    private static string Plain(string name)
    {
        Span<char> kept = stackalloc char[NameText.MaxLength];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c == '<' && length > 0)
                i = Close(name, i, '<', '>');
            else if (c == '[' && length > 0)
                i = Close(name, i, '[', ']');
            else if (c == '{' && length > 0)
            {
                var end = Close(name, i, '{', '}');
                var kind = name.AsSpan(i, end - i).TrimStart('{');
                kind = kind[..Math.Max(0, kind.IndexOfAny("#}:") is var stop && stop < 0 ? kind.Length : stop)];
                kind.CopyTo(kept[length..]);
                length += kind.Length;
                i = end;
            }
            else if (c == ' ' && name.AsSpan(i).StartsWith(" as ", StringComparison.Ordinal))
            {
                // Up to the bracket that opened before the type.
                var depth = 1;
                while (i + 1 < name.Length && depth > 0)
                    depth += name[++i] switch { '<' => 1, '>' => -1, _ => 0 };
            }
            else if (c is not ('<' or '>' or '&' or ' '))
                kept[length++] = c;
        }

        var path = kept[..length];
        while (path.EndsWith("::", StringComparison.Ordinal))
            path = path[..^2];

        return path.ToString();
    }

    private static int Close(string text, int i, char open, char close)
    {
        var depth = 0;
        for (; i < text.Length; i++)
        {
            depth += text[i] == open ? 1 : text[i] == close ? -1 : 0;
            if (depth == 0)
                return i;
        }

        return text.Length - 1;
    }

    /// <summary>
    /// The identifiers of a mangled path, each behind its length. Generic arguments of v0 are read as further identifiers: that is no
    /// demangling, but the same for the same function in every build.
    /// </summary>
    private static bool TryIdentifiers(ReadOnlySpan<char> mangled, bool isLegacy, out string path)
    {
        Span<char> kept = stackalloc char[NameText.MaxLength];
        var length = 0;
        var i = 0;
        while (i < mangled.Length)
        {
            if (!isLegacy && mangled[i] == 's' && mangled[i..].IndexOf('_') is > 0 and < 16 and var end)
            {
                i += end + 1; // a crate's hash, in base 62
                continue;
            }

            if (!char.IsAsciiDigit(mangled[i]) || mangled[i] == '0')
            {
                i++;
                continue;
            }

            var size = 0;
            while (i < mangled.Length && char.IsAsciiDigit(mangled[i]) && size < NameText.MaxLength)
                size = size * 10 + (mangled[i++] - '0');

            if (!isLegacy && i < mangled.Length && mangled[i] == '_')
                i++;

            if (size == 0 || size > mangled.Length - i || length + size + 2 > kept.Length)
                break;

            if (length > 0)
                Separate(kept, ref length);

            mangled.Slice(i, size).CopyTo(kept[length..]);
            length += size;
            i += size;
        }

        path = kept[..length].ToString();
        if (isLegacy)
            path = Plain(Unescaped(path));

        return path.Length > 0;
    }

    private static void Separate(Span<char> kept, ref int length)
    {
        kept[length++] = ':';
        kept[length++] = ':';
    }
}
