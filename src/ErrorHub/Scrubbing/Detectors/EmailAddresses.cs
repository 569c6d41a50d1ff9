namespace ErrorHub.Scrubbing.Detectors;

/// <summary>E-mail addresses, those in letters of all languages, quoted or percent-encoded ones included.</summary>
internal sealed class EmailAddresses : Detector
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;
    private const int MaxLiteral = 48;

    // logo@2x.png, react-dom@18.2.0.tgz: what comes behind the dot is a kind of file.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> FileTypes = new HashSet<string>(
        [
            "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "js", "mjs", "ts", "jsx", "tsx", "vue", "css", "map", "tgz", "gz", "xz", "zip", "jar", "dll", "py", "rb", "php", "go",
            "kt", "java", "html", "json", "yaml", "yml", "toml", "xml", "txt", "log", "lock",
            // postgresql@15-main.service of systemd, and v@click.prevent of Vue.
            "service", "socket", "timer", "target", "slice", "mount", "prevent", "stop", "capture", "passive",
        ],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    internal override string Rule => "email";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Ats + text.Percents > 0 && text.Dots + text.Colons > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        // The @ behind a URL's credentials begins its host.
        HashSet<int>? ends = null;
        foreach (var finding in found)
            Remember(text, finding.End, ref ends);

        for (var at = Next(text, 0, '@'); at >= 0; at = Next(text, at + 1, '@'))
            Add(text, at, at + 1, found, ref ends);

        for (var at = Next(text, 0, '%'); at >= 0; at = Next(text, at + 1, '%'))
            if (At(text, at + 1) == '4' && At(text, at + 2) == '0')
                Add(text, at, at + 3, found, ref ends);
    }

    private void Add(ReadOnlySpan<char> text, int at, int domain, List<Finding> found, ref HashSet<int>? ends)
    {
        if (ends?.Contains(at) == true)
            return;

        var start = StartOfLocal(text, at);
        var end = EndOfDomain(text, domain);
        // git@github.com:org/repository is an address of code, this@Activity.finish a label of Kotlin.
        if (start >= at || end <= 0 || text[start..at] is "git" or "this" or "super")
            return;

        found.Add(new Finding(start, end, Replacement));
        Remember(text, end, ref ends);
    }

    private static void Remember(ReadOnlySpan<char> text, int end, ref HashSet<int>? ends)
    {
        if (At(text, end) is '@' or '%')
            (ends ??= []).Add(end);
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
        if (At(text, start) == '[' && text.Slice(start, Math.Min(MaxLiteral, text.Length - start)).IndexOf(']') is > 6 and var literal && char.IsAsciiHexDigit(At(text, start + 1)))
            return start + literal + 1;

        // my-app@1.2.0-rc.two is a version.
        if (IsVersion(text[start..]))
            return -1;

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
        return isTop && (!FileTypes.Contains(top) || IsOfParaguay(text[start..lastDot], top)) ? end : -1;
    }

    private static bool IsVersion(ReadOnlySpan<char> domain)
    {
        var digits = domain.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && domain[digits] == '.' && char.IsAsciiDigit(At(domain, digits + 1));
    }

    // empresa.com.py is no module.
    private static bool IsOfParaguay(ReadOnlySpan<char> domain, ReadOnlySpan<char> top) =>
        top is "py" && (domain.EndsWith(".com") || domain.EndsWith(".org") || domain.EndsWith(".net") || domain.EndsWith(".edu") || domain.EndsWith(".gov"));

    private static bool AreLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsLetter(c))
                return false;

        return true;
    }
}
