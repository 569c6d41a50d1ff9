using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>Finds places in a text. Linear in it.</summary>
internal abstract class TextMatcher
{
    /// <summary>Adds what it finds, from left to right.</summary>
    internal abstract void Find(string text, List<Range> found);

    /// <summary>True when it finds something.</summary>
    internal virtual bool IsIn(string text)
    {
        List<Range> found = [];
        Find(text, found);
        return found.Count > 0;
    }

    /// <summary>By a pattern, of which some groups count: 0 is all of it.</summary>
    /// <param name="regex">The pattern.</param>
    /// <param name="anchors">Characters of which every hit has one; null when nothing is known of them.</param>
    /// <param name="groups">The groups.</param>
    internal sealed class Pattern(Regex regex, SearchValues<char>? anchors, params IReadOnlyList<int> groups) : TextMatcher
    {
        internal override void Find(string text, List<Range> found)
        {
            if (anchors is not null && !text.AsSpan().ContainsAny(anchors))
                return;

            for (var match = regex.Match(text); match.Success; match = match.NextMatch())
                foreach (var number in groups)
                    if (match.Groups[number] is { Success: true, Length: > 0 } group)
                        found.Add(group.Index..(group.Index + group.Length));
        }

        internal override bool IsIn(string text) => regex.IsMatch(text);
    }

    /// <summary>By words, in any case.</summary>
    /// <param name="words">The words.</param>
    /// <param name="pattern">What is looked for beside them; null for nothing.</param>
    internal sealed class Words(IEnumerable<string> words, Regex? pattern = null) : TextMatcher
    {
        private readonly SearchValues<string> _words = SearchValues.Create([.. words], StringComparison.OrdinalIgnoreCase);

        internal override void Find(string text, List<Range> found)
        {
            if (IsIn(text))
                found.Add(..text.Length);
        }

        internal override bool IsIn(string text) =>
            text.AsSpan().ContainsAny(_words) || (pattern is not null && text.Contains("token", StringComparison.OrdinalIgnoreCase) && pattern.IsMatch(text));
    }

    /// <summary>Addresses of version 6, and what stands before one of version 4 that is gone.</summary>
    internal sealed class IpVersion6 : TextMatcher
    {
        private const int MaxLength = 39;

        internal override void Find(string text, List<Range> found)
        {
            for (var at = text.IndexOf(':', StringComparison.Ordinal); at >= 0; at = text.IndexOf(':', at + 1))
            {
                var start = at;
                while (start > 0 && at - start < 5 && char.IsAsciiHexDigit(text[start - 1]))
                    start--;

                var end = at;
                while (end < text.Length && end - start <= MaxLength && (char.IsAsciiHexDigit(text[end]) || text[end] == ':'))
                    end++;

                // ::ffff: before an address of version 4 that is gone already.
                if (end - start > 2 && text[end - 1] == ':' && text[end - 2] != ':')
                    end--;

                // foo::1 is a name of C++ and Rust.
                var isAddress = end - start is > 2 and <= MaxLength && (start == 0 || !(char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or ':'))
                    && IPAddress.TryParse(text.AsSpan(start, end - start), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
                if (isAddress)
                    found.Add(start..end);

                at = Math.Max(at, end - 1);
                if (at + 1 >= text.Length)
                    break;
            }
        }
    }
}
