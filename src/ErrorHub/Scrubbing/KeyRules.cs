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
    private const int MaxNameInText = 64;
    private const int Slots = 2 * 1024;

    // By a hash of the name; the last that came to a slot stays.
    private static readonly Known?[] Cache = new Known?[Slots];

    /// <summary>Anywhere in a name written without separators.</summary>
    private static readonly SearchValues<string> Stems = SearchValues.Create(
    [
        "password", "passwd", "passwrd", "passwort", "motdepasse", "contrasena", "kennwort", "wachtwoord", "passphrase", "passcode", "pwd", "pswd", "secret", "apikey", "privatekey", "accesskey",
        "accountkey", "signingkey", "encryptionkey", "sharedkey", "authkey", "masterkey", "appkey", "applicationkey", "subscriptionkey",
        "functionskey", "licensekey", "hmackey", "storekey", "sessionkey", "consumerkey", "sharedaccess", "credential", "authorization",
        "connectionstring", "connstr", "accesstoken", "refreshtoken", "authtoken", "idtoken", "bearertoken", "verificationtoken", "securitytoken", "sessionid", "sessid",
        "csrf", "xsrf", "twofactor", "securitycode", "verificationcode", "2facode", "bestatigungscode", "cardnumber", "creditcard", "amzsignature", "googsignature", "aspnetcoresession", "aspnetcoreidentity",
        "aspnetcoreantiforgery", "aspnetcorecookies", "connectsid", "rememberweb", "wordpressloggedin", "wordpresssec",
    ],
    StringComparison.Ordinal);

    /// <summary>Anywhere likewise: data of a person.</summary>
    private static readonly SearchValues<string> PersonalStems = SearchValues.Create(
    [
        "socialsecurity", "dateofbirth", "birthdate", "birthday", "firstname", "lastname", "surname", "familyname", "givenname", "fullname", "patientname",
        "maidenname", "phonenumber", "passport", "medicalrecord", "nationalid", "nationalinsurance", "taxid", "streetaddress", "accountnumber",
        "routingnumber", "mobilenumber",
        "geburtsdatum", "fechanacimiento", "fechadenacimiento", "datenaissance", "datedenaissance", "datanascimento", "datadenascimento", "dataurodzenia",
        "geboortedatum",
    ],
    StringComparison.Ordinal);

    /// <summary>As a word of a name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = SetOf(
        ["pw", "ssn", "cvv", "cvv2", "cvc", "otp", "totp", "jwt", "dob", "mrn", "nino", "senha", "haslo", "mdp", "clave", "cpf", "cnpj", "pesel", "bsn", "msisdn", "bearer", "awsalb"]);

    /// <summary>As the last word of a name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> LastWords = SetOf(
        ["token", "pin", "sig", "sid", "cookie", "cookies", "passw", "phone", "mobile", "session", "sess", "pass", "tel", "telephone", "fax"]);

    /// <summary>As the whole name.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Whole = SetOf(["auth", "session", "pass", "userpass", "dbpass", "smtppass", "symfony", "signature"]);

    /// <summary>As the last word: the name is of something about a secret.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> About = SetOf([
        "type", "count", "length", "enabled", "required", "expired", "expiry", "expires", "policy", "attempts", "min", "max", "at", "valid", "name", "provider",
        "algorithm", "format", "strength", "changed", "scheme", "size", "limit", "status", "version", "url", "uri", "path", "error", "errors", "exception",
        "encoder", "decoder", "hasher", "service", "config", "configuration", "requirement", "unavailable", "handler", "filter", "manager", "validator",
        "generator", "factory", "attribute", "resolver", "repository", "middleware", "release", "rules", "hint",
    ]);

    private static readonly string[] ShortOnes = ["pin", "otp", "cvv", "cvv2", "cvc", "pw", "ssn", "dob", "phone", "mobile", "tel", "fax", "mrn", "senha", "haslo", "mdp", "clave"];

    private static readonly SearchValues<string> SafeTokens = SearchValues.Create(
        [
            "cancellationtoken", "publickeytoken", "nexttoken", "pagetoken", "continuationtoken", "unexpectedtoken", "synctoken", "resumetoken", "eostoken", "bostoken",
            "padtoken", "secchuamobile", "boardingpass", "renderpass", "firstpass", "secondpass", "nextpass", "newsession",
        ], StringComparison.Ordinal);

    private static readonly HashSet<string> Identifiers = new(StringComparer.OrdinalIgnoreCase)
    {
        "trace_id", "span_id", "parent_span_id", "event_id", "replay_id", "profile_id", "profiler_id", "debug_id", "code_id", "build_id", "image_addr",
        "client_sample_rate", "sample_rand",
    };

    private static readonly HashSet<string> Versions = new(StringComparer.OrdinalIgnoreCase)
    {
        "version", "app_version", "app_build", "build", "build_number", "build_type", "kernel_version", "firmware_version", "sdk_version", "os_version", "browser_version",
        "release", "dist", "raw_description", "user-agent", "user_agent",
    };

    /// <summary>How the value of a name is read that is of an identifier or a version, which look like data and are none; null for all others.</summary>
    internal static TextPlace? PlaceOf(string name) => Identifiers.Contains(name) ? TextPlace.Path : Versions.Contains(name) ? TextPlace.Name : null;

    /// <summary>Where a name begins that ends here in a text.</summary>
    internal static int StartOfName(ReadOnlySpan<char> text, int end)
    {
        var start = end;
        while (start > 0 && end - start < MaxNameInText && (IsOfName(text[start - 1]) || Folding.IsInvisible(text[start - 1])))
            start--;

        return start;
    }

    /// <summary>Where a name ends that begins here in a text.</summary>
    internal static int EndOfName(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < MaxNameInText && IsOfName(text[end]))
            end++;

        return end;
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';

    /// <summary>True when the name is of something short: a code, a phone.</summary>
    internal static bool IsOfDigits(ReadOnlySpan<char> name)
    {
        var last = name[(name.LastIndexOfAny("_-. ") + 1)..];
        foreach (var word in ShortOnes)
            if (last.EndsWith(word, StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

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
