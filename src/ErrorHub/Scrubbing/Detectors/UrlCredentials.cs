using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// User and password in a URL: <c>amqps://svc:secret@host</c>, also with an empty user, and a long token instead of both; and where Go and
/// Oracle have them: <c>app:secret@tcp(db:3306)/x</c>, <c>jdbc:oracle:thin:scott/tiger@db</c>.
/// </summary>
internal sealed class UrlCredentials : Detector
{
    private const int MaxUserInfo = 512;
    private const int LongToken = 20;
    private const int ShortToken = 10;
    private const int MaxBare = 128;

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'<>`");

    private static readonly SearchValues<string> Oracle = SearchValues.Create([":thin:", "sqlplus "], StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "auth";

    internal override IEnumerable<AnchorWord> Words => InAnyCase("sqlplus ");

    internal override bool LooksAt(TextPlace place) => true;

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Ats > 0 && text.Colons > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        FindInUrls(text, found);
        FindBeforeAddress(text, found);
        FindOfOracle(text, found);
    }

    private void FindInUrls(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOf("://");
            if (hit < 0)
                return;

            at += hit + 3;
            var authority = text.Slice(at, Math.Min(MaxUserInfo, text.Length - at));
            var end = authority.IndexOfAny(Ends);
            authority = end < 0 ? authority : authority[..end];
            // A password with a slash in it is wrong and common: the @ must then come before any query.
            var path = authority.IndexOfAny('/', '?', '#');
            var user = (path < 0 ? authority : authority[..path]).LastIndexOf('@');
            if (user < 0 && path > 0 && authority[..path].Contains(':') && !IsPort(authority[..path]))
                user = authority.IndexOf('@');

            if (user > 0 && IsSecret(authority[..user]))
                found.Add(new Finding(at, at + user, Replacement));
        }
    }

    // Go: user:secret@tcp(host:port)/database, @unix(socket), @/database.
    private void FindBeforeAddress(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '@'); at >= 0; at = Next(text, at + 1, '@'))
        {
            var address = text[(at + 1)..];
            if (!address.StartsWith("tcp(") && !address.StartsWith("unix(") && At(text, at + 1) != '/')
                continue;

            var from = Math.Max(0, at - MaxBare);
            var start = from + text[from..at].LastIndexOfAny(Ends) + 1;
            var user = text[start..at];
            if (user.IndexOf(':') > 0 && user.IndexOf("://") < 0)
                found.Add(new Finding(start, at, Replacement));
        }
    }

    // user/secret@database
    private void FindOfOracle(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Oracle);
            if (hit < 0)
                return;

            at += hit;
            at += text[at..].StartsWith(":thin:", StringComparison.OrdinalIgnoreCase) ? ":thin:".Length : "sqlplus ".Length;
            var user = text.Slice(at, Math.Min(MaxBare, text.Length - at));
            var end = user.IndexOfAny('@', ' ');
            if (end > 0 && user[end] == '@' && user[..end].IndexOf('/') > 0)
                found.Add(new Finding(at, at + end, Replacement));
        }
    }

    private static bool IsSecret(ReadOnlySpan<char> userInfo) =>
        userInfo.Contains(':') || (userInfo.Length >= LongToken && !userInfo.Contains('[')) || (userInfo.Length >= ShortToken && IsMixed(userInfo));

    private static bool IsMixed(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('0', '9') && text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('A', 'Z');

    private static bool IsPort(ReadOnlySpan<char> authority)
    {
        var port = authority[(authority.LastIndexOf(':') + 1)..];
        return port.Length is > 0 and <= 5 && port.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
