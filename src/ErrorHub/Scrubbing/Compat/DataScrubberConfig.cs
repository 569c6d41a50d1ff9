namespace ErrorHub.Scrubbing.Compat;

/// <summary>What Sentry makes of a project's switches and lists: <c>dataScrubber</c>, <c>sensitiveFields</c>, <c>safeFields</c>, <c>scrubIPAddresses</c>.</summary>
internal static class DataScrubberConfig
{
    // On its never-scrub list stand messages of exceptions, which the strict profile looks at.
    private const string Searched =
        "($string || $number || $array || $object) && !(debug_meta.** || $frame.filename || $frame.abs_path || $logentry.formatted || $error.value || $http.headers.user-agent)";

    private static readonly string[] Cookies =
    [
        "sentrysid", "sudo", "su", "session", "__session", "sessionid", "user_session", "symfony", "phpsessid", "fasthttpsessionid", "mysession",
        "irissessionid", "_vercel_jwt", "csrf", "xsrf", "_xsrf", "_csrf", "csrf-token", "csrf_token", "xsrf-token", "xsrf_token", "fastcsrf", "_iris_csrf",
    ];

    private static readonly Selector Addresses = Parse("$http.env.REMOTE_ADDR || $user.ip_address || $sdk.client_ip || $span.sentry_tags.'user.ip'");
    private static readonly Selector Formatted = Parse("$logentry.formatted");
    private static readonly Selector SessionCookies = Parse(string.Join(" || ", Cookies.Select(name => $"*.cookies.{name}")));

    internal static PiiConfig Of(ScrubbingSettings settings)
    {
        List<PiiApplication> applications = [];
        var searched = Parse(Searched);
        foreach (var field in settings.SafeKeys)
            searched = new Selector.And(searched, new Selector.Not(SelectorOf(field)));

        var isOn = settings.DataScrubber;
        if (isOn && settings.DataScrubberDefaults)
            Add(searched, "@common:filter");

        switch (settings.IpAddresses)
        {
            case AddressHandling.Remove:
                Add(searched, "@ip:replace");
                Add(Addresses, "@anything:remove");
                break;
            case AddressHandling.Truncate:
                var truncate = new Redaction(RedactionMethod.Truncate);
                foreach (var where in (Selector[])[searched, Addresses, Formatted])
                    foreach (var matcher in (TextMatcher[])[BuiltInRules.IpVersion4, BuiltInRules.IpVersion6])
                        applications.Add(new PiiApplication(where, new PiiRule.Parts("@ip:truncate", truncate, matcher)));

                break;
        }

        if (isOn && StripFields(settings.SensitiveKeys) is { } strip)
            applications.Add(new PiiApplication(searched, strip));

        if (isOn && settings.DataScrubberDefaults)
        {
            foreach (var rule in (string[])["@bearer:replace", "@creditcard:replace", "@email:replace", "@iban:replace", "@usssn:replace"])
                Add(Formatted, rule);

            Add(SessionCookies, "@anything:filter");
        }

        return new PiiConfig(applications, []);

        void Add(Selector selector, string rule) => applications.AddRange(BuiltInRules.Find(rule)!.Select(r => new PiiApplication(selector, r)));
    }

    /// <summary>The rule of names that the owner gave: as they are, in any case, in keys and in texts.</summary>
    private static PiiRule.Whole? StripFields(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;

        var matcher = new TextMatcher.Words(names);
        return new PiiRule.Whole("strip-fields", new Redaction(RedactionMethod.Replace), matcher, matcher);
    }

    // A safe field is a selector, or else a key that has dots and blanks in it.
    private static Selector SelectorOf(string field) =>
        SelectorParser.Parse(field).Selector ?? new Selector.Path([new Selector.Item(null, field, false)]);

    private static Selector Parse(string selector) => SelectorParser.Parse(selector).Selector ?? throw new ArgumentException(selector, nameof(selector));
}
