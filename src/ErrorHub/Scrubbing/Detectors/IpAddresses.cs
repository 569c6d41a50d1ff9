using System.Net;
using System.Net.Sockets;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>IPv4 and IPv6 addresses. A version of four parts looks the same, so what stands before it decides.</summary>
internal class IpAddresses : Detector
{
    private const int MaxLength = 45;

    internal override string Rule => "ip";

    internal override bool FindsWithoutWord => true;

    internal override bool LooksAt(TextPlace place) => place is not (TextPlace.Path or TextPlace.Name);

    internal override bool MayFind(in TextTraits text) => (text.Dots >= 3 && text.Digits >= 4) || (text.Colons >= 2 && text.Digits > 0);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, ':'); at >= 0; at = Next(text, at + 1, ':'))
            at = AddVersion6(text, at, found);

        for (var at = Next(text, 0, '.'); at >= 0; at = Next(text, at + 1, '.'))
            at = AddVersion4(text, at, found);
    }

    /// <summary>Adds an address.</summary>
    protected virtual void Add(ReadOnlySpan<char> text, int start, int end, List<Finding> found) => found.Add(new Finding(start, end, Replacement));

    private int AddVersion4(ReadOnlySpan<char> text, int dot, List<Finding> found)
    {
        var start = dot;
        while (start > 0 && dot - start < 4 && char.IsAsciiDigit(text[start - 1]))
            start--;

        var end = EndOfFour(text, start);
        if (end < 0 || char.IsLetterOrDigit(Before(text, start)) || Before(text, start) is '.' or '_' || IsVersion(text, start, end))
            return dot;

        Add(text, start, end, found);
        return end - 1;
    }

    private static int EndOfFour(ReadOnlySpan<char> text, int at)
    {
        for (var part = 0; part < 4; part++)
        {
            var (value, digits) = (0, 0);
            for (; digits < 4 && char.IsAsciiDigit(At(text, at)); digits++)
                value = (value * 10) + text[at++] - '0';

            if (digits is 0 or > 3 || value > 255 || (part < 3 && At(text, at++) != '.'))
                return -1;
        }

        var isPartOfMore = char.IsLetter(At(text, at)) || At(text, at) == '_'
            || (At(text, at) is '.' && char.IsLetterOrDigit(At(text, at + 1))) || (At(text, at) is '-' or '+' && char.IsLetter(At(text, at + 1)));
        return isPartOfMore ? -1 : at;
    }

    private static bool IsVersion(ReadOnlySpan<char> text, int start, int end)
    {
        if (text[start..end].EndsWith(".0.0"))
            return true;

        var before = text[..start];
        if (before.Length > 1 && before[^1] == '-' && char.IsLetter(before[^2]) && !before.EndsWith("ip-", StringComparison.OrdinalIgnoreCase))
            return true;

        // Chrome/1.2.3.4 is a product; Java prints host.example/10.0.0.1 and localhost/127.0.0.1:80.
        if (before is [.., var last, '/'] && char.IsLetterOrDigit(last))
            return At(text, end) != ':' && LastWord(before[..^1]).IndexOf('.') < 0;

        var word = LastWord(before.TrimEnd(" :=\"'(,[v"));
        return word.EndsWith("version", StringComparison.OrdinalIgnoreCase) || word.EndsWith("ver", StringComparison.OrdinalIgnoreCase)
            || (word.IndexOf('.') > 0 && word.IndexOfAnyInRange('A', 'Z') >= 0 && before[^1] is ' ' or ',');
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text)
    {
        const int MaxWord = 64;
        var start = text.Length;
        while (start > 0 && text.Length - start < MaxWord && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '-'))
            start--;

        return text[start..];
    }

    private int AddVersion6(ReadOnlySpan<char> text, int colon, List<Finding> found)
    {
        var start = colon;
        while (start > 0 && colon - start <= 4 && char.IsAsciiHexDigit(text[start - 1]))
            start--;

        var end = colon;
        while (end < text.Length && end - start <= MaxLength && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.'))
            end++;

        // A sentence may end behind it.
        while (end > colon + 1 && (text[end - 1] == '.' || (text[end - 1] == ':' && text[end - 2] != ':')))
            end--;

        var address = text[start..end];
        if (end - start > MaxLength || char.IsLetterOrDigit(Before(text, start)) || Before(text, start) is '_' or ':' or '.'
            || char.IsLetterOrDigit(At(text, end)) || At(text, end) == '_'
            || address.IndexOfAnyInRange('0', '9') < 0 || address.Count(':') < 2
            || !IPAddress.TryParse(address, out var ip) || ip.AddressFamily != AddressFamily.InterNetworkV6)
            return Math.Max(colon, end - 1);

        Add(text, start, end, found);
        return end;
    }
}
