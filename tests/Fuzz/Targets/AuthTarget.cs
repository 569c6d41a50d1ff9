using System.Globalization;
using System.Text;
using ErrorHub.Protocol;

namespace ErrorHub.Fuzz.Targets;

/// <summary>
/// Who sends, as five lines: X-Sentry-Auth, Authorization, and the query's key, version and client. The first line is read as a
/// DSN and as an event's id as well.
/// </summary>
internal static class AuthTarget
{
    /// <summary>Runs the bytes; false when they authenticate nobody.</summary>
    internal static bool Run(byte[] lines)
    {
        var texts = Encoding.UTF8.GetString(lines).Split('\n');
        Dsns(texts[0]);
        Ids(texts[0]);

        var error = SentryAuth.TryRead(At(0), At(1), At(2), At(3), At(4), out var auth);
        Promise.Holds(error is null == auth is not null, "there is a sender or a reason why not");
        if (auth is null)
            return false;

        HoldsForKey(auth.PublicKey);
        Promise.Holds(auth.Version is >= 2 and <= 7, "the version is one of ours");
        Promise.Holds(auth.Client is null or { Length: <= 200 }, "the client's name is short");
        var header = string.Create(CultureInfo.InvariantCulture, $"Sentry sentry_key={auth.PublicKey}, sentry_version={auth.Version}");
        Promise.Holds(
            SentryAuth.TryRead(header, null, null, null, null, out var again) is null && again == auth with { Client = null },
            "a sender by the book is the same one");
        return true;

        string? At(int line) => line < texts.Length ? texts[line] : null;
    }

    private static void Dsns(string text)
    {
        if (!Dsn.TryParse(text, out var dsn))
            return;

        HoldsForKey(dsn.PublicKey);
        var plain = string.Create(CultureInfo.InvariantCulture, $"https://{dsn.PublicKey}@errorhub.example/{dsn.ProjectId}");
        Promise.Holds(dsn.ProjectId > 0 && Dsn.TryParse(plain, out var again) && again == dsn, "a DSN by the book is the same one");
    }

    private static void Ids(string text)
    {
        if (SentryId.TryParse(text, out var id))
            Promise.Holds(id != SentryId.Empty && SentryId.TryParse(id.ToString(), out var again) && again == id, "an id reads back the same");
    }

    private static void HoldsForKey(string key) =>
        Promise.Holds(key.Length == 32 && key.All(char.IsAsciiHexDigitLower), "a key is 32 lower-case digits");
}
