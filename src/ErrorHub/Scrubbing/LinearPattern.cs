using System.Text;
using System.Text.RegularExpressions;

namespace ErrorHub.Scrubbing;

/// <summary>Patterns that owners write. They are matched in time that grows with the text and no faster, or refused.</summary>
internal static class LinearPattern
{
    /// <summary>Most characters of a pattern.</summary>
    internal const int MaxLength = 2_000;

    // A pattern of thousands of states reads slowly, if steadily. A text that takes longer is dropped as one that cannot be scrubbed.
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, string> PosixClasses = new()
    {
        ["alpha"] = "a-zA-Z",
        ["digit"] = "0-9",
        ["alnum"] = "a-zA-Z0-9",
        ["upper"] = "A-Z",
        ["lower"] = "a-z",
        ["xdigit"] = "0-9A-Fa-f",
        ["space"] = @"\s",
        ["blank"] = @" \t",
        ["word"] = @"\w",
        ["punct"] = @"!-/:-@\[-`{-~",
    };

    /// <summary>The pattern ready for use; the problem when it cannot be used.</summary>
    internal static (Regex? Regex, string? Problem) Compile(string pattern)
    {
        if (pattern.Length is 0 or > MaxLength)
            return (null, $"A pattern has 1 to {MaxLength} characters.");

        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout);
            return regex.IsMatch("") ? (null, "The pattern finds the empty text, so it would find something everywhere.") : (regex, null);
        }
        catch (NotSupportedException e)
        {
            // Its message quotes the construct, or says that the pattern is too large.
            var quoted = e.Message.IndexOf('\'') is > 0 and var open && e.Message.LastIndexOf('\'') is var close && close > open ? e.Message[(open + 1)..close] : null;
            return (null, $"The pattern cannot be matched in linear time: it {(quoted is null ? "is too large" : "has a " + quoted)}.");
        }
        catch (RegexParseException e)
        {
            return (null, $"The pattern cannot be read, at character {e.Offset}: {Words(e.Error)}.");
        }
    }

    /// <summary>Likewise a pattern as Relay reads it, which writes some things in other ways.</summary>
    internal static (Regex? Regex, string? Problem) CompileRust(string pattern)
    {
        try
        {
            return Compile(Translate(pattern));
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    // (?P<x>…) is a plain group, $ is the very end, \pL and \x{41} are \p{L} and \u0041, [[:digit:]] is [0-9].
    private static string Translate(string pattern)
    {
        var output = new StringBuilder(pattern.Length);
        var isMultiline = pattern.Contains("(?m", StringComparison.Ordinal) || pattern.Contains("(?im", StringComparison.Ordinal) || pattern.Contains("(?sm", StringComparison.Ordinal);
        var inClass = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest[0] == '\\' && rest.Length > 1)
                i += Escape(rest, output) - 1;
            else if (inClass > 0 && rest.StartsWith("[:") && rest.IndexOf(":]") is > 0 and var end)
            {
                var name = rest[2..end].ToString();
                output.Append(PosixClasses.TryGetValue(name, out var characters) ? characters : throw new FormatException($"There is no class [:{name}:]."));
                i += end + 1;
            }
            else if (inClass > 0 && (rest.StartsWith("&&") || rest.StartsWith("--") || rest.StartsWith("~~") || rest[0] == '['))
                throw new FormatException("Sets of characters that are joined or cut out of each other are not known here.");
            else if (inClass == 0 && rest.StartsWith("(?P<") && rest.IndexOf('>') is > 0 and var close)
            {
                output.Append('(');
                i += close;
            }
            else if (inClass == 0 && rest[0] == '$' && !isMultiline)
                output.Append(@"\z");
            else
            {
                // A ] that comes first is one of the characters.
                if (rest[0] == '[' && inClass == 0)
                {
                    inClass = 1;
                    var first = rest.Length > 1 && rest[1] == '^' ? 2 : 1;
                    if (rest.Length > first && rest[first] == ']')
                    {
                        output.Append(rest[..first]).Append(@"\]");
                        i += first;
                        continue;
                    }
                }
                else if (rest[0] == ']' && inClass == 1)
                    inClass = 0;

                output.Append(rest[0]);
            }
        }

        return output.ToString();
    }

    /// <summary>Writes an escape; gives how many characters it had.</summary>
    private static int Escape(ReadOnlySpan<char> rest, StringBuilder output)
    {
        if (rest[1] is 'p' or 'P' && rest.Length > 2 && rest[2] != '{')
        {
            output.Append(rest[..2]).Append('{').Append(rest[2]).Append('}');
            return 3;
        }

        if (rest[1] == 'x' && rest.Length > 3 && rest[2] == '{' && rest.IndexOf('}') is > 3 and var end)
        {
            if (!ushort.TryParse(rest[3..end], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
                throw new FormatException("Characters beyond U+FFFF cannot be written by number.");

            output.Append(@"\u").Append(code.ToString("X4", null));
            return end + 1;
        }

        output.Append(rest[..2]);
        return 2;
    }

    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
