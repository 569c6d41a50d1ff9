using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>E-mail addresses, those in letters of all languages, quoted or percent-encoded ones included.</summary>
internal sealed class EmailAddresses : Detector
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;

    // logo@2x.png, react-dom@18.2.0.tgz: what comes behind the dot is a kind of file.
    private static readonly SearchValues<string> FileTypes = SearchValues.Create(
        ["png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "js", "mjs", "ts", "jsx", "tsx", "css", "map", "tgz", "gz", "zip", "jar", "dll", "py", "rb", "php", "html", "json"],
        StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "email";

    internal override bool MayFind(in TextTraits text) => text.Has(Anchors.At | Anchors.Percent) && text.Has(Anchors.Dot | Anchors.Colon);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '@'); at >= 0; at = Next(text, at + 1, '@'))
            Add(text, at, at + 1, found);

        for (var at = Next(text, 0, '%'); at >= 0; at = Next(text, at + 1, '%'))
            if (At(text, at + 1) == '4' && At(text, at + 2) == '0')
                Add(text, at, at + 3, found);
    }

    private void Add(ReadOnlySpan<char> text, int at, int domain, List<Finding> found)
    {
        // The @ behind a URL's credentials begins its host.
        foreach (var finding in found)
            if (finding.End == at)
                return;

        var start = StartOfLocal(text, at);
        var end = EndOfDomain(text, domain);
        // git@github.com:org/repository is an address of code.
        if (start < at && end > 0 && text[start..at] is not "git")
            found.Add(new Finding(start, end, Replacement));
    }

    private static int StartOfLocal(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        if (Before(text, at) == '"')
        {
            var quoted = text[Math.Max(0, at - 1 - MaxLocal)..(at - 1)].LastIndexOf('"');
            return quoted < 0 ? at : Math.Max(0, at - 1 - MaxLocal) + quoted;
        }

        while (start > 0 && at - start < MaxLocal && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '-' or '+' or '\'' or '~' or '!' or '#' or '$' or '%'))
            start--;

        while (start < at && text[start] is '.' or '\'' or '-' or '#' or '!' or '$')
            start++;

        return start;
    }

    private static int EndOfDomain(ReadOnlySpan<char> text, int start)
    {
        if (At(text, start) == '[' && text[start..].IndexOf(']') is > 6 and < 48 and var literal && char.IsAsciiHexDigit(At(text, start + 1)))
            return start + literal + 1;

        var (end, lastDot) = (start, -1);
        for (; end < text.Length && end - start < MaxDomain; end++)
        {
            if (text[end] == '.' && char.IsLetterOrDigit(At(text, end + 1)) && end > start)
                lastDot = end;
            else if (!char.IsLetterOrDigit(text[end]) && !(text[end] == '-' && end > start))
                break;
        }

        if (lastDot < 0)
            return -1;

        var top = text[(lastDot + 1)..end].TrimEnd('-');
        end = lastDot + 1 + top.Length;
        var isTop = top.StartsWith("xn--") || (top.Length >= 2 && AreLetters(top));
        return isTop && !(FileTypes.Contains(top.ToString())) ? end : -1;
    }

    private static bool AreLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsLetter(c))
                return false;

        return true;
    }
}
