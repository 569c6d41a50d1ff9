using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>IPv4 and IPv6 addresses. A version of four parts looks the same, so what stands before it decides.</summary>
internal class IpAddresses : Detector
{
    private const int MaxLength = 45;

    private static readonly string[] Versioned = ["sdk", "firmware", "schema", "oid", "section", "release", "build", "driver", "clause", "chapter"];
    private static readonly string[] Changes = ["upgrad", "downgrad", "updat", "migrat", "rolled", "roll"];
    private static readonly SearchValues<string> Connecting = SearchValues.Create(["connect", "host ", "peer", "reach"], StringComparison.OrdinalIgnoreCase);

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

        if (before is [.., var last, '/'] && char.IsLetterOrDigit(last))
            return At(text, end) != ':' && !IsConnected(before) && IsProduct(before[..^1], end < text.Length && text[end] == '/');

        var word = LastWord(before.TrimEnd(" :=\"'(,[v"));
        return IsVersionWord(word) || IsComparedVersion(text, before, end) || (before is [.., ' ' or ','] && IsAssembly(word) && !IsOfHost(text[start..end], before));
    }

    /// <summary>Chrome/1.2.3.4 is a product; /ban/1.2.3.4 ends a path; Java prints host.example/10.0.0.1 and localhost/127.0.0.1:80.</summary>
    private static bool IsProduct(ReadOnlySpan<char> before, bool goesOn)
    {
        var word = LastWord(before);
        var isInPath = Before(before, before.Length - word.Length) == '/' && word.Length < before.Length;
        return word.IndexOf('.') < 0 && !(isInPath && !goesOn && word.IndexOfAnyInRange('A', 'Z') < 0) && !word.EndsWith("ip", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsVersionWord(ReadOnlySpan<char> word)
    {
        if (word.EndsWith("version", StringComparison.OrdinalIgnoreCase) || word.EndsWith("ver", StringComparison.OrdinalIgnoreCase))
            return true;

        foreach (var other in Versioned)
            if (word.Equals(other, StringComparison.OrdinalIgnoreCase))
                return true;

        return word.StartsWith("lib", StringComparison.Ordinal) || word.StartsWith("package", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True in "upgrade from 1.2.3.4 to 1.2.3.5" and "version mismatch: expected 1.2.3.4, got 1.2.3.5".</summary>
    private static bool IsComparedVersion(ReadOnlySpan<char> text, ReadOnlySpan<char> before, int end)
    {
        const int MaxWords = 6;
        // What comes from somewhere is an address, unless it goes from one to another.
        var isPair = text[end..].StartsWith(" to ") && char.IsAsciiDigit(At(text, end + 4));
        for (var i = 0; i < MaxWords; i++)
        {
            before = before.TrimEnd(" :=\"'(,v");
            var word = LastWord(before);
            before = before[..^word.Length];
            if (word is "from" ? isPair : word is "expected" or "got" or "actual" or "mismatch" or "and" or "but" or "required" or "requires" or "is" or "was")
                continue;
            if (word is "to" || (char.IsAsciiDigit(At(word, 0)) && EndOfFour(word, 0) == word.Length))
                isPair = true;
            else
                return i > 0 && (IsVersionWord(word) || (isPair && EndsWithChange(word)));
        }

        return false;
    }

    private static bool EndsWithChange(ReadOnlySpan<char> word)
    {
        foreach (var change in Changes)
            if (word.StartsWith(change, StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

    private static bool IsAssembly(ReadOnlySpan<char> word) => word.IndexOf('.') > 0 && word.IndexOfAnyInRange('A', 'Z') >= 0;

    /// <summary>True for DB01.Corp.Example 10.20.30.40: few versions begin so high and have no zero, and one connects to no assembly.</summary>
    private static bool IsOfHost(ReadOnlySpan<char> address, ReadOnlySpan<char> before) =>
        IsConnected(before) || (address.IndexOf('.') >= 2 && address.IndexOf(".0") < 0 && address.LastIndexOf('.') < address.Length - 2);

    private static bool IsConnected(ReadOnlySpan<char> before)
    {
        const int Near = 64;
        return before[Math.Max(0, before.Length - Near)..].ContainsAny(Connecting);
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
            || address.IndexOfAnyInRange('0', '9') < 0 || address.Count(':') < 2 || IsName(address)
            || !IPAddress.TryParse(address, out var ip) || ip.AddressFamily != AddressFamily.InterNetworkV6)
            return Math.Max(colon, end - 1);

        Add(text, start, end, found);
        return end;
    }

    // feed::42 is a key. Addresses that begin with letters alone are private or of one link.
    private static bool IsName(ReadOnlySpan<char> address)
    {
        var first = address[..address.IndexOf(':')];
        return first.Length >= 3 && first.IndexOfAnyInRange('0', '9') < 0 && address.Count(':') == 2
            && !first.StartsWith("fc", StringComparison.OrdinalIgnoreCase) && !first.StartsWith("fd", StringComparison.OrdinalIgnoreCase);
    }
}
