using System.Text.Json;

namespace ErrorHub.EndToEnd.Tests.Api;

public sealed record ApiProject(string Slug, string Dsn);

/// <summary>Of Sentry's issue JSON, what the tests look at.</summary>
public sealed record ApiIssue(
    string Id, string Title, string Culprit, string Level, string Platform, string Count, int UserCount, string Status, string? Substatus);

/// <summary>Of Sentry's event JSON, what the tests look at; the interfaces are in <see cref="Entries"/>.</summary>
public sealed record ApiEvent(
    string EventID, string Title, string Platform, ApiSdk Sdk, ApiUser? User, ApiTag[] Tags, ApiEntry[] Entries)
{
    public string? Tag(string key) => Tags.SingleOrDefault(t => t.Key == key)?.Value;

    public JsonElement? Entry(string type) => Entries.SingleOrDefault(e => e.Type == type)?.Data;

    /// <summary>Frames of the last exception, oldest call first.</summary>
    public ApiFrame[] Frames => Entry("exception") is { } exception
        ? exception.GetProperty("values").EnumerateArray().Last().GetProperty("stacktrace").GetProperty("frames")
            .Deserialize<ApiFrame[]>(JsonSerializerOptions.Web)!
        : [];

    public string[] Breadcrumbs => Entry("breadcrumbs") is { } breadcrumbs
        ? [.. breadcrumbs.GetProperty("values").EnumerateArray().Select(b => b.GetProperty("message").GetString() ?? "")]
        : [];
}

public sealed record ApiSdk(string Name, string Version);

public sealed record ApiUser(string? Id, string? Email);

public sealed record ApiTag(string Key, string Value);

public sealed record ApiEntry(string Type, JsonElement Data);

/// <summary><c>context</c> is a list of pairs: line number, line.</summary>
public sealed record ApiFrame(string? Function, string? Filename, int? LineNo, bool? InApp, JsonElement Context)
{
    public string? SourceLine => Context is { ValueKind: JsonValueKind.Array }
        ? Context.EnumerateArray().Where(l => l[0].GetInt32() == LineNo).Select(l => l[1].GetString()?.Trim()).SingleOrDefault()
        : null;
}
