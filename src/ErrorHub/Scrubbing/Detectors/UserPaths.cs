using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>The name of a person in the path of a home directory.</summary>
internal sealed class UserPaths : Detector
{
    private const int MaxName = 64;

    private static readonly string[] Names = ["users", "home", "documents and settings"];
    private static readonly SearchValues<string> Folders = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    // Nobody is called so; images of build machines and containers are.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Nobody = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "public", "default", "all users", "shared", "runner", "runneradmin", "vsts", "app", "node", "ubuntu", "ec2-user", "vagrant", "circleci", "travis",
        "www-data", "site", "nonroot", "root", "jenkins", "containeruser", "containeradministrator",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    internal override string Rule => "user";

    internal override bool LooksAt(TextPlace place) => place != TextPlace.Source;

    internal override IEnumerable<AnchorWord> Words => InAnyCase(Names);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Folders);
            if (hit < 0)
                return;

            at += hit;
            var folder = text[at..].StartsWith("users", StringComparison.OrdinalIgnoreCase) ? 5 : text[at] is 'h' or 'H' ? 4 : 22;
            if (!IsRoot(text, at, folder) || !IsSlash(At(text, at + folder)))
            {
                at += 1;
                continue;
            }

            var start = at + folder;
            while (start < text.Length && IsSlash(text[start]))
                start++;

            at = EndOfName(text, start);
            var name = text[start..at];
            if (name.Length > 0 && name[0] is not ('[' or '$' or '{' or '<' or '*') && !Nobody.Contains(name))
                found.Add(new Finding(start, at, Replacement));
        }
    }

    /// <summary>True for folders of a disk; <c>/api/users/42</c> and <c>example.com/home/news</c> are routes.</summary>
    private static bool IsRoot(ReadOnlySpan<char> text, int at, int length)
    {
        var slash = Before(text, at);
        if (slash == '\\')
            return true;

        if (slash != '/')
            return false;

        var before = Before(text, at - 1);
        // C:/Users/x; otherwise only macOS has /Users, and it writes it so.
        return before == ':' || (!char.IsLetterOrDigit(before) && before is not ('.' or '-' or '_' or '~' or ')' or '}') && (length == 4 ? text[at] == 'h' : text[at] == 'U'));
    }

    private static int EndOfName(ReadOnlySpan<char> text, int start)
    {
        var limit = Math.Min(text.Length, start + MaxName);
        var end = start;
        while (end < limit && !IsSlash(text[end]) && text[end] is not ('"' or '\'' or '\n' or '\r' or ':' or ';' or ',' or '<' or '>' or '|' or ')' or '?' or '&'))
            end++;

        // A blank is part of a name only where the path goes on behind it.
        if (!IsSlash(At(text, end)) && text[start..end].IndexOf(' ') is >= 0 and var blank)
            end = start + blank;

        return end;
    }

    private static bool IsSlash(char c) => c is '/' or '\\';
}
