using System.Text;

namespace ErrorHub.Grouping.Rules;

/// <summary>
/// Cuts a line into words at spaces and commas. Within quotation marks both are part of the word, and <c>\"</c> is a quotation mark; a
/// variable <c>{{ x }}</c> is one word, too.
/// </summary>
internal static class RuleTokens
{
    /// <exception cref="FormatException">A quotation mark or a variable is not closed.</exception>
    internal static List<string> Of(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (isQuoted, isWord) = (false, false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (isQuoted)
            {
                if (c == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                    word.Append(line[++i]);
                else if (c == '"')
                    isQuoted = false;
                else
                    word.Append(c);
            }
            else if (c == '"')
            {
                (isQuoted, isWord) = (true, true);
            }
            else if (line.AsSpan(i).StartsWith("{{"))
            {
                var end = line.IndexOf("}}", i, StringComparison.Ordinal);
                if (end < 0)
                    throw new FormatException("a variable is not closed: write {{ default }}");

                word.Append(line.AsSpan(i, end + 2 - i));
                (i, isWord) = (end + 1, true);
            }
            else if (c is ' ' or '\t' or ',')
            {
                Flush();
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (isQuoted)
            throw new FormatException("a quotation mark is not closed");

        Flush();
        return words;

        void Flush()
        {
            if (isWord)
                words.Add(word.ToString());

            word.Clear();
            isWord = false;
        }
    }
}
