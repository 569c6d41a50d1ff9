namespace ErrorHub.Web.Account;

/// <summary>Where to go after logging in.</summary>
internal static class ReturnUrl
{
    /// <summary>
    /// The address when it is a path of this site, else the start page. <c>//evil.example</c> and <c>/\evil.example</c> are other
    /// hosts to a browser, which also drops tabs and line breaks from addresses.
    /// </summary>
    public static string Local(string? url) =>
        url is ['/', ..] and not ['/', '/', ..] && !url.Any(c => c == '\\' || char.IsControl(c)) ? url : Shared.Urls.Issues;
}
