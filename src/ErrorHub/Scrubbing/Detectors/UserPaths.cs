using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>The name of a person in the path of a home directory. Where such directories are tells them from folders and routes of the same name.</summary>
internal sealed class UserPaths : Detector
{
    private const int MaxName = 64;
    private const int MaxServer = 63;

    private static readonly string[] Names = ["users", "home", "documents and settings", "profiles"];
    private static readonly SearchValues<string> Folders = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    // Under these home directories stand, too.
    private static readonly string[] Mounts = ["var", "nfs", "data", "export", "usr"];

    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    // Nobody is called so; images of build machines and containers are, and pages below /home.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Nobody = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "public", "default", "all users", "shared", "runner", "runneradmin", "vsts", "app", "node", "ubuntu", "ec2-user", "vagrant", "circleci", "travis",
        "www-data", "site", "nonroot", "root", "jenkins", "containeruser", "containeradministrator",
        "index", "dashboard", "settings", "products", "product", "orders", "cart", "checkout", "search", "profile", "account", "login", "logout", "register", "welcome",
        "about", "contact", "news", "blog", "help", "privacy", "terms", "error", "create", "edit", "details", "list", "new", "overview", "reports", "events", "main", "feed",
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
            var (folder, length) = (at, LengthOf(text[at]));
            // Windows hides shares that end so.
            var end = folder + length + (At(text, folder + length) == '$' ? 1 : 0);
            if (!IsSlash(At(text, end)) || !IsPlace(text, folder, length))
            {
                at++;
                continue;
            }

            var start = end;
            while (IsSlash(At(text, start)))
                start++;

            at = EndOfName(text, start);
            var name = text[start..at];
            if (name.Length > 0 && name[0] is not ('[' or '$' or '{' or '<' or '*') && !Nobody.Contains(name))
                found.Add(new Finding(start, at, Replacement));
        }
    }

    private static int LengthOf(char first) => (first | 0x20) switch { 'u' => 5, 'h' => 4, 'p' => 8, _ => 22 };

    /// <summary>True for folders of a disk or a share; <c>/api/users/42</c>, <c>GET /home/news</c> and <c>App\Users\Profile</c> are none.</summary>
    private static bool IsPlace(ReadOnlySpan<char> text, int folder, int length)
    {
        var root = folder;
        while (IsSlash(Before(text, root)))
            root--;

        if (root == folder)
            return false;
        if (IsDrive(text, root))
            return true;
        if (Before(text, folder) == '\\')
            return IsServer(text, root, folder - root) || (folder - root == 1 && IsOutside(Before(text, root)) && GoesOn(text, folder));

        // Only macOS has /Users, and it writes it so.
        return (text[folder] == 'U' || (text[folder] == 'h' && length == 4)) && IsTopFolder(text, root, folder) && !IsBehindVerb(text, root);
    }

    private static bool IsTopFolder(ReadOnlySpan<char> text, int root, int folder)
    {
        var before = Before(text, root);
        if (IsOutside(before))
            return true;

        // PATH=/bin:/home/x/bin goes on, redirect:/home/x does not; in https://home/x it is a host.
        if (before == ':')
            return text[..(root - 1)].EndsWith("file", StringComparison.OrdinalIgnoreCase) || (folder - root == 1 && GoesOn(text, folder));

        // Maps of sources are far from them, imports are not.
        if (text[folder] == 'U' && text[..root].EndsWith("../../.."))
            return GoesOn(text, folder);

        return IsMounted(text[..root]);
    }

    // /var/home, /System/Volumes/Data/Users; /c of Git, /mnt/c of WSL, /cygdrive/c.
    private static bool IsMounted(ReadOnlySpan<char> text)
    {
        const int LongestMount = 6;
        var name = text[Math.Max(0, text.Length - LongestMount - 1)..];
        var slash = name.LastIndexOf('/');
        if (slash < 0)
            return false;

        name = name[(slash + 1)..];
        var before = text[..(text.Length - name.Length - 1)];
        if (name.Length == 1)
            return char.IsAsciiLetter(name[0]) && (IsOutside(Before(before, before.Length)) || before.EndsWith("/mnt") || before.EndsWith("/cygdrive"));

        foreach (var mount in Mounts)
            if (name.Equals(mount, StringComparison.OrdinalIgnoreCase))
                return IsOutside(Before(before, before.Length)) || before.EndsWith("/System/Volumes");

        return false;
    }

    /// <summary>True when something follows the name.</summary>
    private static bool GoesOn(ReadOnlySpan<char> text, int folder) => IsSlash(At(text, EndOfName(text, folder + LengthOf(text[folder]) + 1)));

    /// <summary>True for what is no part of a path that leads here.</summary>
    private static bool IsOutside(char c) => !char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_' or '~' or ')' or '}' or ':');

    // C:\Users, with as many slashes as escaping made of it.
    private static bool IsDrive(ReadOnlySpan<char> text, int root) =>
        Before(text, root) == ':' && char.IsAsciiLetter(Before(text, root - 1)) && !char.IsLetterOrDigit(Before(text, root - 2));

    // \\server\users; escaped it has twice as many before both.
    private static bool IsServer(ReadOnlySpan<char> text, int root, int slashes)
    {
        var start = root;
        while (start > 0 && root - start < MaxServer && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '-' or '_' or '$'))
            start--;

        return start < root && text[..start].EndsWith(slashes == 1 ? @"\\" : @"\\\\") && !text[..start].EndsWith(slashes == 1 ? @"\\\" : @"\\\\\");
    }

    private static bool IsBehindVerb(ReadOnlySpan<char> text, int root)
    {
        if (Before(text, root) != ' ')
            return false;

        var before = text[..root].TrimEnd(' ');
        foreach (var verb in Verbs)
            if (before.EndsWith(verb) && !char.IsLetterOrDigit(Before(before, before.Length - verb.Length)))
                return true;

        return false;
    }

    private static int EndOfName(ReadOnlySpan<char> text, int start)
    {
        var limit = Math.Min(text.Length, start + MaxName);
        var end = start;
        while (end < limit && !IsSlash(text[end]) && !EndsName(text, end))
            end++;

        // Blanks and apostrophes are part of a name only where the path goes on behind it.
        if (!IsSlash(At(text, end)) && text[start..end].IndexOfAny(' ', '\'') is >= 0 and var cut)
            end = start + cut;

        return end;
    }

    private static bool EndsName(ReadOnlySpan<char> text, int at) =>
        text[at] is '"' or '\n' or '\r' or ':' or ';' or ',' or '<' or '>' or '|' or ')' or '?' or '&'
        || (text[at] == '\'' && !(char.IsLetter(Before(text, at)) && char.IsLetter(At(text, at + 1))));

    private static bool IsSlash(char c) => c is '/' or '\\';
}
