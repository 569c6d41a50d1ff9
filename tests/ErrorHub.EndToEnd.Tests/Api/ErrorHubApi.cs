using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Api;

/// <summary>The web API as a script would use it: a base address, a token, Sentry's JSON.</summary>
public sealed class ErrorHubApi : IDisposable
{
    private const string Organization = "errorhub";

    private readonly HttpClient _http;

    public ErrorHubApi(Uri baseUrl)
    {
        _http = new HttpClient { BaseAddress = new Uri(baseUrl, "/api/0/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Installation.ApiToken);
    }

    /// <summary>Makes a project and answers with the DSN that its first key has.</summary>
    public async Task<ApiProject> CreateProjectAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync($"teams/{Organization}/{Organization}/projects/", new { name }, cancellationToken);
        var project = await ReadAsync<ProjectJson>(response, cancellationToken);
        var keys = await GetAsync<KeyJson[]>($"projects/{Organization}/{project.Slug}/keys/", cancellationToken);
        return new ApiProject(project.Slug, keys[0].Dsn.Public);
    }

    public Task<ApiIssue[]> GetIssuesAsync(ApiProject project, CancellationToken cancellationToken, string query = "") =>
        GetAsync<ApiIssue[]>(
            $"projects/{Organization}/{project.Slug}/issues/?query={Uri.EscapeDataString(query)}&limit=100", cancellationToken);

    public Task<ApiIssue> GetIssueAsync(string id, CancellationToken cancellationToken) =>
        GetAsync<ApiIssue>($"issues/{id}/", cancellationToken);

    public Task<ApiEvent> GetLatestEventAsync(string issueId, CancellationToken cancellationToken) =>
        GetAsync<ApiEvent>($"issues/{issueId}/events/latest/", cancellationToken);

    public async Task SetStatusAsync(string issueId, string status, CancellationToken cancellationToken)
    {
        using var response = await _http.PutAsJsonAsync(
            $"organizations/{Organization}/issues/{issueId}/", new { status }, cancellationToken);
        await ReadAsync<JsonElement>(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    private sealed record ProjectJson(string Slug);

    private sealed record KeyJson(DsnJson Dsn);

    private sealed record DsnJson(string Public);
}
