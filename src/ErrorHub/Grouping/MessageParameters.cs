using System.Text;
using ErrorHub.Grouping.Messages;

namespace ErrorHub.Grouping;

/// <summary>Takes out of a message what differs from one occurrence to the next: <c>order 123 not found</c> → <c>order &lt;number&gt; not found</c>.</summary>
internal static class MessageParameters
{
    // Read and kept lengths differ, so that a longer value in the middle does not shift the end out of the kept part.
    private const int MaxRead = 4_096;
    private const int MaxKept = 512;

    // What follows is a list, a dump or a trace of its own more often than a second sentence.
    private const int MaxLines = 2;

    internal static string Remove(string message)
    {
        var text = FirstLines(message.AsSpan(0, Math.Min(message.Length, MaxRead)));
        StringBuilder kept = new(Math.Min(text.Length, MaxKept));
        for (var i = 0; i < text.Length && kept.Length < MaxKept;)
        {
            var length = Values.LengthAt(text, i, out var name);
            if (length > 0)
            {
                kept.Append('<').Append(name).Append('>');
                i += length;
            }
            else
            {
                kept.Append(text[i++]);
            }
        }

        return kept.ToString(0, Math.Min(kept.Length, MaxKept));
    }

    /// <summary>Only numbers: quoted text in a source line is part of the program.</summary>
    internal static string RemoveNumbers(string line)
    {
        if (!line.AsSpan().ContainsAnyInRange('0', '9'))
            return line;

        StringBuilder kept = new(line.Length);
        for (var i = 0; i < line.Length;)
        {
            if (char.IsAsciiDigit(line[i]) && !TextAt.IsInWord(line, i))
            {
                i = TextAt.SkipDigits(line, i);
                if (i + 1 < line.Length && line[i] == '.' && char.IsAsciiDigit(line[i + 1]))
                    i = TextAt.SkipDigits(line, i + 1);

                kept.Append("<number>");
            }
            else
            {
                kept.Append(line[i++]);
            }
        }

        return kept.ToString();
    }

    private static ReadOnlySpan<char> FirstLines(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var end = 0;
        for (var lines = 0; lines < MaxLines && end < text.Length;)
        {
            var line = text[end..].IndexOfAny('\r', '\n');
            if (line != 0)
                lines++;

            end = line < 0 ? text.Length : end + line + 1;
        }

        return text[..end].TrimEnd();
    }
}
