using System.Buffers;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping.Frames;

/// <summary>Functions of C, C++, Rust, Swift and Objective-C: each spelling has its own reader.</summary>
internal static class NativeFrames
{
    // What a library calls itself by, so that nobody can replace it from outside: glibc's and GLib's.
    private static readonly string[] Aliases = ["__GI_", "IA__"];

    private static readonly SearchValues<char> CppMarks = SearchValues.Create(" <>([{`'$,?");

    internal static string NameOf(string function)
    {
        var name = function.AsSpan().Trim();
        if (NameText.IsNone(function) || name.IsEmpty)
            return "";

        foreach (var alias in Aliases)
            if (name.StartsWith(alias, StringComparison.Ordinal) && name.Length > alias.Length)
                name = name[alias.Length..];

        if (name[0] is '-' or '+' or '_' && ObjectiveCNames.TryRead(name, out var message))
            return message;

        if (SwiftNames.IsSwift(name))
            return SwiftNames.Read(name);

        if (RustNames.TryRead(name, out var path))
            return path;

        name = WithoutEnding(name);
        return name.ContainsAny(CppMarks) ? CppNames.Read(name) : name.Length == function.Length ? function : name.ToString();
    }

    /// <summary>Of a function without a name, the library it lies in, without its version: <c>libfoo.so</c>.</summary>
    internal static string LibraryOf(SentryStackFrame frame)
    {
        var path = NameText.Cut(frame.Package is { Length: > 0 } package ? package : frame.Filename ?? "");
        var file = path[(path.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant();
        var version = file.IndexOf(".so.", StringComparison.Ordinal);
        return version > 0 ? file[..(version + 3)] : file;
    }

    /// <summary>Without versions of symbols, parts that the compiler split off, and offsets: <c>pay@@V_1.2</c>, <c>pay.cold.3</c>, <c>pay+0x1f</c>.</summary>
    private static ReadOnlySpan<char> WithoutEnding(ReadOnlySpan<char> name)
    {
        if (name.IndexOf('@') is > 0 and var at)
            name = name[..at];

        if (name.LastIndexOf('+') is > 0 and var plus && name[plus..].TrimStart("+ ") is { Length: > 0 } offset
            && (offset.StartsWith("0x", StringComparison.Ordinal) || !offset.ContainsAnyExceptInRange('0', '9')))
            name = name[..plus].TrimEnd();

        foreach (var part in (ReadOnlySpan<string>)[".part.", ".isra.", ".constprop.", ".cold", ".llvm.", ".lto_priv.", ".resume.", ".__uniq."])
            if (name.IndexOf(part, StringComparison.Ordinal) is > 0 and var split)
                name = name[..split];

        return name;
    }
}
