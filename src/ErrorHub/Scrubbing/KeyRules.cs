using System.Buffers;
using System.Runtime.InteropServices;

namespace ErrorHub.Scrubbing;

/// <summary>How sure a name is that what stands under it is secret.</summary>
internal enum KeyStrength
{
    /// <summary>It says nothing.</summary>
    None,

    /// <summary>In prose it names a thing as often as it gives one: <c>token: expired</c>.</summary>
    Weak,

    /// <summary>Its value is secret unless it is plainly a word about it.</summary>
    Strong,
}

/// <summary>Decides by the name of a key, a header or a variable whether its value must go.</summary>
/// <remarks>Separators, case, wide forms and look-alike letters do not matter: <c>Pass_Word</c> is <c>password</c>.</remarks>
internal static class KeyRules
{
    private const int MaxName = 96;
    private const int Slots = 2 * 1024;

    // By a hash of the name; the last that came to a slot stays.
    private static readonly Known?[] Cache = new Known?[Slots];

    /// <summary>Anywhere in a name written without separators.</summary>
    private static readonly SearchValues<string> Stems = SearchValues.Create(
    [
        "password", "passwd", "passwort", "motdepasse", "contrasena", "passphrase", "passcode", "pwd", "secret", "apikey", "privatekey", "accesskey",
        "accountkey", "signingkey", "encryptionkey", "sharedkey", "authkey", "sharedaccess", "credential", "authorization",
        "connectionstring", "connstr", "accesstoken", "refreshtoken", "authtoken", "idtoken", "bearertoken", "verificationtoken", "securitytoken", "sessionid", "sessid",
        "csrf", "xsrf", "twofactor", "securitycode", "cardnumber", "creditcard", "amzsignature", "googsignature", "aspnetcoresession", "connectsid",
    ],
    StringComparison.Ordinal);

    /// <summary>Anywhere likewise: data of a person.</summary>
    private static readonly SearchValues<string> PersonalStems = SearchValues.Create(
    [
        "socialsecurity", "dateofbirth", "birthdate", "birthday", "firstname", "lastname", "surname", "familyname", "givenname", "fullname", "patientname",
        "maidenname", "phonenumber", "passport", "medicalrecord", "nationalid", "taxid", "streetaddress",
    ],
    StringComparison.Ordinal);

    /// <summary>As a word of a name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = SetOf(["pw", "ssn", "cvv", "cvv2", "cvc", "otp", "totp", "jwt", "dob", "mrn", "nino"]);

    /// <summary>As the last word of a name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> LastWords = SetOf(["token", "pin", "sig", "sid", "cookie", "cookies", "passw", "phone", "mobile"]);

    /// <summary>As the whole name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Whole = SetOf(["auth", "session", "pass", "userpass", "dbpass", "smtppass", "symfony", "signature"]);

    /// <summary>As the last word: the name is of something about a secret.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> About = SetOf([
        "type", "count", "length", "enabled", "required", "expired", "expiry", "expires", "policy", "attempts", "min", "max", "at", "valid", "name", "provider",
        "algorithm", "format", "strength", "changed", "scheme", "size", "limit", "status", "version", "url", "uri", "path", "error",
    ]);

    private static readonly SearchValues<string> SafeTokens = SearchValues.Create(
        ["cancellationtoken", "publickeytoken", "nexttoken", "pagetoken", "continuationtoken", "unexpectedtoken", "synctoken", "resumetoken"], StringComparison.Ordinal);

    /// <summary>Names of identifiers and versions, which look like data and are none.</summary>
    private static readonly HashSet<string> Safe = new(StringComparer.OrdinalIgnoreCase)
    {
        "trace_id", "span_id", "parent_span_id", "event_id", "replay_id", "profile_id", "profiler_id", "debug_id", "code_id", "build_id", "image_addr",
        "version", "app_version", "app_build", "build", "build_number", "build_type", "kernel_version", "firmware_version", "sdk_version", "os_version", "browser_version",
        "release", "dist", "raw_description", "user-agent", "user_agent", "client_sample_rate", "sample_rand",
    };

    /// <summary>True when the value of this name is only searched for what cannot be a version or an id.</summary>
    internal static bool IsSafe(string name) => Safe.Contains(name);

    /// <summary>True when the value must go.</summary>
    internal static bool IsSensitive(ReadOnlySpan<char> name) => StrengthOf(name) != KeyStrength.None;

    /// <summary>Whether the value must go, and how sure that is.</summary>
    /// <remarks>Names repeat: those met last are remembered.</remarks>
    internal static KeyStrength StrengthOf(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > MaxName)
            return KeyStrength.None;

        ref var slot = ref Cache[NameHash.Of(MemoryMarshal.AsBytes(name)) % Slots];
        if (slot is { } known && name.SequenceEqual(known.Name))
            return known.Strength;

        var strength = Decide(name);
        slot = new Known(name.ToString(), strength);
        return strength;
    }

    private static KeyStrength Decide(ReadOnlySpan<char> name)
    {
        // "[creditcard]" as a key is what a card became.
        if (TextScrubber.HasPlaceholder(name))
            return KeyStrength.None;

        Span<char> flat = stackalloc char[MaxName];
        var (length, word) = (0, 0);
        var hasWord = false;
        for (var i = 0; i < name.Length; i++)
        {
            var c = Folding.FoldLetter(name[i]);
            if (Folding.IsInvisible(c))
                continue;

            var startsWord = !char.IsLetterOrDigit(c) || (char.IsUpper(name[i]) && i > 0 && char.IsLower(name[i - 1]));
            if (startsWord && length > word)
            {
                hasWord |= Words.Contains(flat[word..length]);
                word = length;
            }

            if (char.IsLetterOrDigit(c))
                flat[length++] = c;
        }

        var last = flat[word..length];
        var whole = flat[..length];
        if (About.Contains(last) && word > 0)
            return KeyStrength.None;

        if (whole.ContainsAny(Stems) && whole.IndexOf("secretar") < 0)
            return KeyStrength.Strong;

        if (Words.Contains(whole) || whole.ContainsAny(PersonalStems))
            return KeyStrength.Weak;

        return hasWord || Words.Contains(last) || Whole.Contains(whole) || (LastWords.Contains(last) && !whole.ContainsAny(SafeTokens))
            || (whole.EndsWith("token") && !whole.ContainsAny(SafeTokens))
            ? KeyStrength.Weak
            : KeyStrength.None;
    }

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> SetOf(params IEnumerable<string> values) =>
        values.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What was decided of a name. Immutable, so that threads may race for a slot.</summary>
    private sealed record Known(string Name, KeyStrength Strength);
}
