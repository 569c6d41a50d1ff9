using System.Text.RegularExpressions;

namespace ErrorHub.Grouping;

/// <summary>Takes out of a message what differs from one occurrence to the next: <c>order 123 not found</c> → <c>order &lt;number&gt; not found</c>.</summary>
internal static partial class MessageParameters
{
    // Read and kept lengths differ, so that a longer value in the middle does not shift the end out of the kept part.
    private const int MaxRead = 4_096;
    private const int MaxKept = 512;

    internal static string Remove(string message)
    {
        var text = message.Length <= MaxRead ? message : message[..MaxRead];
        var parameterised = Parameters().Replace(text.Trim(), NameOf);
        return parameterised.Length <= MaxKept ? parameterised : parameterised[..MaxKept];
    }

    /// <summary>Only numbers: quoted text in a source line is part of the program.</summary>
    internal static string RemoveNumbers(string line) => Numbers().Replace(line, "<number>");

    private static string NameOf(Match match)
    {
        foreach (Group group in match.Groups)
            if (group is { Success: true, Name: not "0" })
                return $"<{group.Name}>";

        return match.Value;
    }

    // No quantifier stands on a group that could match the same text in two ways, and runs are bounded: the time stays linear.
    [GeneratedRegex(
        """
        (?<url>\b[a-z][a-z0-9+.-]{1,20}://[^\s"'<>]+)
        |(?<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8})
        |(?<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)
        |(?<date>\b\d{4}-\d\d-\d\d(?:[T\ ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\ ?Z|\ ?[+-]\d\d:?\d\d)?)?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b)
        |(?<ip>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.]*\w)|(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:]))
        |(?<path>(?<![\w/])(?:/[\w.@~+%-]{1,200}){2,40}/?|\b[a-z]:\\[^\s"'<>|:*?]{1,400})
        |(?<quoted>(?<!\w)'[^'\r\n]{1,200}'(?!\w)|"[^"\r\n]{1,200}"|`[^`\r\n]{1,200}`)
        |(?<hex>\b0x[0-9a-f]{1,64}\b|\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{8,128}\b)
        |(?<duration>(?<![\w.])\d{1,20}(?:\.\d{1,20})?\ ?(?:ms|[µun]s|s|secs?|seconds?|milliseconds?|m|mins?|minutes?|h|hours?|d|days?)\b)
        |(?<number>(?<![A-Za-z0-9])-?\d{1,200}(?:[.,]\d{1,200}){0,20})
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Parameters();

    [GeneratedRegex(@"(?<![A-Za-z0-9_])\d{1,200}(?:\.\d{1,200})?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
