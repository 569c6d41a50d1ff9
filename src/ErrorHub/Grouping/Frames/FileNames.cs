using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping.Frames;

/// <summary>Names of files as they are in every build: without folders, queries and what bundlers add.</summary>
internal static class FileNames
{
    /// <summary>Lower-case name of the frame's file, or an empty text.</summary>
    internal static string Of(SentryStackFrame frame)
    {
        var path = NameText.Cut(frame.Filename is { Length: > 0 } filename ? filename : frame.AbsPath ?? "");
        if (path.Length == 0 || path[0] == '<')
            return "";

        var query = path.AsSpan().IndexOfAny('?', '#');
        var file = query > 0 ? path.AsSpan(0, query) : path;
        file = file[(file.LastIndexOfAny('/', '\\') + 1)..];
        var name = file.ToString().ToLowerInvariant();
        return name.AsSpan().ContainsAnyInRange('0', '9') ? WithoutHashes(name) : name;
    }

    /// <summary>
    /// <c>main.3f9c2b71.js</c>, <c>main-4e1d2a90b3.chunk.js</c>, <c>index-DiwrgTda.js</c> and <c>3f9c2b71aa.js</c> without their hashes: a part
    /// between dots or dashes that is long and mixed as no word is.
    /// </summary>
    private static string WithoutHashes(string name)
    {
        Span<char> kept = stackalloc char[NameText.MaxLength];
        var length = 0;
        var start = 0;
        while (start < name.Length)
        {
            var end = name.AsSpan(start).IndexOfAny('.', '-', '_');
            end = end < 0 ? name.Length : start + end;
            var part = name.AsSpan(start, end - start);
            var isEnding = end == name.Length && start > 0 && name[start - 1] == '.';
            if (isEnding || !IsHash(part))
            {
                part.CopyTo(kept[length..]);
                length += part.Length;
                if (end < name.Length)
                    kept[length++] = name[end];
            }
            else if (length > 0 && end < name.Length)
            {
                // The mark before a hash goes with it: "main-" + ".js".
                kept[length - 1] = name[end];
            }

            start = end + 1;
        }

        return length == name.Length ? name : kept[..length].ToString();
    }

    private static bool IsHash(ReadOnlySpan<char> part)
    {
        if (part.Length is < 6 or > 64 || !part.ContainsAnyInRange('0', '9'))
            return false;

        if (NameText.IsHex(part))
            return true;

        // Base 36 and base 64 hashes: digits in more than one place, between letters.
        var changes = 0;
        for (var i = 1; i < part.Length; i++)
            if (char.IsAsciiDigit(part[i]) != char.IsAsciiDigit(part[i - 1]))
                changes++;

        return part.Length is 8 or 10 or 12 or 16 or 20 or 32 && changes >= 2;
    }
}
