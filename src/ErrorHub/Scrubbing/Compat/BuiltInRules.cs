using System.Text.RegularExpressions;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>
/// Sentry's rules, by what its documentation and its behaviour say they find: without the check digits and the context that
/// <see cref="Detectors"/> ask for, so that a project that moves here finds what it found before.
/// </summary>
internal static class BuiltInRules
{
    /// <summary>What names say of a secret, in keys and in texts.</summary>
    private static readonly string[] Secrets =
    [
        "password", "secret", "passwd", "api_key", "apikey", "api-key", "auth", "credentials", "mysql_pwd", "privatekey", "private_key", "private-key", "otp",
        "two-factor", "two_factor",
    ];

    private const string Digits = "0123456789";

    private const string IbanCountries =
        "AD|AE|AL|AO|AT|AZ|BA|BE|BF|BG|BH|BI|BJ|BR|BY|CF|CG|CH|CI|CM|CR|CV|CY|CZ|DE|DJ|DK|DO|DZ|EE|EG|ES|FI|FO|FR|GA|GB|GE|GI|GL|GQ|GR|GT|GW|HN|HR|HU|"
        + "IE|IL|IQ|IR|IS|IT|JO|KM|KW|KZ|LB|LC|LI|LT|LU|LV|LY|MA|MC|MD|ME|MG|MK|ML|MR|MT|MU|MZ|NE|NI|NL|NO|PK|PL|PS|PT|QA|RO|RS|RU|SA|SC|SE|SI|SK|SM|SN|"
        + "ST|SV|TD|TG|TL|TN|TR|UA|VA|VG|XK";

    private const string Byte = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

    internal static TextMatcher Email { get; } = Of(@"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}", "@");

    internal static TextMatcher IpVersion4 { get; } = Of($@"\b(?:{Byte}\.){{3}}{Byte}\b", ".");

    internal static TextMatcher IpVersion6 { get; } = new TextMatcher.IpVersion6();

    internal static TextMatcher Iban { get; } = Of($@"\b(?:{IbanCountries})[0-9]{{2}}[a-zA-Z0-9]{{11,29}}\b", Digits);

    internal static TextMatcher CreditCard { get; } = Of(
        @"\b(?:3[ -]?[47](?:[ -]?[0-9]){13}|4(?:[ -]?[0-9]){15}|5[ -]?[1-5](?:[ -]?[0-9]){14}|6[ -]?(?:0[ -]?1[ -]?1|5[ -]?[0-9][ -]?[0-9])(?:[ -]?[0-9]){12})\b", Digits);

    internal static TextMatcher Imei { get; } = Of(@"\b[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]{1,2}\b", Digits);

    internal static TextMatcher Mac { get; } = Of(@"\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b", ":-");

    internal static TextMatcher Uuid { get; } = Of(@"(?i)\b[0-9a-z]{8}-?[0-9a-z]{4}-?[0-9a-z]{4}-?[0-9a-z]{4}-?[0-9a-z]{12}\b");

    internal static TextMatcher PemKey { get; } = Of(
        @"(?s)-----BEGIN [A-Z ]*(?:PRIVATE|PUBLIC) KEY-----\s*(.+?)\s*-----END [A-Z ]*(?:PRIVATE|PUBLIC) KEY-----", "-", 1);

    internal static TextMatcher UrlAuth { get; } = Of("//([a-zA-Z0-9%_.-]+:[a-zA-Z0-9%_.-]+)@", "@", 1);

    /// <summary>The older form, which leaves the user's name.</summary>
    internal static TextMatcher UrlPassword { get; } = Of("//[a-zA-Z0-9%_.-]+:([a-zA-Z0-9%_.-]+)@", "@", 1);

    internal static TextMatcher UserPath { get; } = Of(@"(?i)(?:\b(?:users|home|documents and settings)|[^/\\\r\n]+[/\\]profiles)[\\/]([^/\\\r\n]+)", @"/\", 1);

    internal static TextMatcher UsSsn { get; } = Of(@"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", Digits);

    internal static TextMatcher Bearer { get; } = Of(@"(?i)\bbearer\s+(\S+)", "bB", 1);

    internal static TextMatcher SecretKey { get; } = new TextMatcher.Words([.. Secrets, "token"]);

    /// <summary>In a text <c>token</c> is a word; <c>token=</c> is not.</summary>
    internal static TextMatcher SecretText { get; } =
        new TextMatcher.Words(Secrets, new Regex(@"(?i)token[^\s=:]*\s*[=:]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    /// <summary>The rules behind a name such as <c>@ip:replace</c>, under the names their remarks have; null when there is none.</summary>
    internal static IReadOnlyList<PiiRule>? Find(string name) => All.GetValueOrDefault(name);

    private static readonly Dictionary<string, IReadOnlyList<PiiRule>> All = MakeAll();

    private static Dictionary<string, IReadOnlyList<PiiRule>> MakeAll()
    {
        var all = new Dictionary<string, IReadOnlyList<PiiRule>>();
        Add(all, "ip", "[ip]", RedactionMethod.Replace, IpVersion4, IpVersion6);
        Add(all, "imei", "[imei]", RedactionMethod.Replace, Imei);
        Add(all, "mac", "[mac]", RedactionMethod.Mask, Mac);
        Add(all, "uuid", "[uuid]", RedactionMethod.Mask, Uuid);
        Add(all, "email", "[email]", RedactionMethod.Replace, Email);
        Add(all, "creditcard", "[creditcard]", RedactionMethod.Replace, CreditCard);
        Add(all, "iban", "[iban]", RedactionMethod.Replace, Iban);
        Add(all, "pemkey", "[pemkey]", RedactionMethod.Replace, PemKey);
        Add(all, "urlauth", "[auth]", RedactionMethod.Replace, UrlAuth);
        Add(all, "userpath", "[user]", RedactionMethod.Replace, UserPath);
        Add(all, "usssn", "[us-ssn]", RedactionMethod.Mask, UsSsn);
        Add(all, "bearer", "[token]", RedactionMethod.Replace, Bearer);
        all["@urlauth:legacy"] = [new PiiRule.Parts("@urlauth:legacy", new Redaction(RedactionMethod.Replace), UrlPassword)];
        foreach (var (suffix, redaction) in Methods("[password]"))
            all[$"@password{suffix}"] = [new PiiRule.Whole($"@password{suffix}", redaction ?? new Redaction(RedactionMethod.Remove), SecretKey, SecretText)];
        foreach (var (suffix, redaction) in Methods("[Filtered]"))
            all[$"@anything{suffix}"] = [new PiiRule.Anything($"@anything{suffix}", redaction ?? new Redaction(RedactionMethod.Replace))];

        all["@common"] = [.. Together(all, "", "iban", "ip", "email", "creditcard", "pemkey", "urlauth", "userpath", "password", "usssn")];
        all["@common:filter"] =
        [
            .. Together(all, ":filter", "creditcard", "iban", "pemkey"), .. all["@urlauth:legacy"], .. Together(all, ":filter", "userpath", "password", "usssn"),
        ];
        return all;
    }

    private static IEnumerable<PiiRule> Together(Dictionary<string, IReadOnlyList<PiiRule>> all, string suffix, params string[] names) =>
        names.SelectMany(name => all[$"@{name}{suffix}"]);

    private static void Add(Dictionary<string, IReadOnlyList<PiiRule>> all, string name, string text, RedactionMethod bare, params TextMatcher[] matchers)
    {
        foreach (var (suffix, redaction) in Methods(text))
            all[$"@{name}{suffix}"] = [.. matchers.Select(m => new PiiRule.Parts($"@{name}{suffix}", redaction ?? new Redaction(bare, text), m))];
    }

    private static (string Suffix, Redaction? Redaction)[] Methods(string text) =>
    [
        ("", null), (":replace", new Redaction(RedactionMethod.Replace, text)), (":filter", new Redaction(RedactionMethod.Replace)),
        (":remove", new Redaction(RedactionMethod.Remove)), (":mask", new Redaction(RedactionMethod.Mask)), (":hash", new Redaction(RedactionMethod.Hash)),
    ];

    private static TextMatcher.Pattern Of(string pattern, string? anchors = null, int group = 0) =>
        new(
            new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            anchors is null ? null : System.Buffers.SearchValues.Create(anchors), group);
}
