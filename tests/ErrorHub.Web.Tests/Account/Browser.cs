using System.Net;
using System.Text.RegularExpressions;

namespace ErrorHub.Web.Tests.Account;

/// <summary>What a browser without script does: keeps cookies, fills forms, does not follow redirects, so that a test can look at them.</summary>
public sealed partial class Browser(Uri address) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private HttpClient? _client;

    public HttpStatusCode Status { get; private set; }

    /// <summary>Where the last answer redirects to, as a path; empty when it does not.</summary>
    public string Redirect { get; private set; } = "";

    public string Html { get; private set; } = "";

    /// <summary>The cookies that the last answer set.</summary>
    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public string Path { get; private set; } = "";

    public string Cookies => _cookies.GetCookieHeader(address);

    private HttpClient Client => _client ??= new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
    { BaseAddress = address };

    public async Task<Browser> GetAsync(string path)
    {
        Path = path;
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    /// <summary>Sends the named form of the page that was loaded last, with its antiforgery token.</summary>
    public Task<Browser> SubmitAsync(string form, params (string Name, string Value)[] fields) => PostAsync(Path, AntiforgeryToken(), form, fields);

    public async Task<Browser> PostAsync(string path, string? antiforgeryToken, string form, params (string Name, string Value)[] fields)
    {
        var all = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("_handler", form));
        if (antiforgeryToken is not null)
            all = all.Append(KeyValuePair.Create("__RequestVerificationToken", antiforgeryToken));
        using var content = new FormUrlEncodedContent(all);
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    /// <summary>The names of the page's forms that begin so, such as <c>key-</c>.</summary>
    public IReadOnlyList<string> Forms(string prefix) =>
        [.. FormName().Matches(Html).Select(m => m.Groups[1].Value).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    public string AntiforgeryToken() => TokenField().Match(Html).Groups[1].Value;

    public void Dispose() => _client?.Dispose();

    private async Task<Browser> ReadAsync(HttpResponseMessage answer)
    {
        Status = answer.StatusCode;
        Redirect = answer.Headers.Location is { } location ? new Uri(address, location).ToString().Replace(address.ToString().TrimEnd('/'), "", StringComparison.Ordinal) : "";
        SetCookies = answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
        Html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return this;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex TokenField();

    [GeneratedRegex("""name="_handler" value="([^"]+)""")]
    private static partial Regex FormName();
}
