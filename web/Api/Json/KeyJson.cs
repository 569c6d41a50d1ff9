using ErrorHub.Projects;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

internal sealed record EmptyJson;

internal sealed record NewKeyJson(string? Name, bool? IsActive, RateLimitJson? RateLimit);

/// <summary>A key with its DSN.</summary>
internal sealed record KeyJson(
    string Id, string Name, string Label, string Public, long ProjectId, bool IsActive, RateLimitJson? RateLimit, DsnJson Dsn,
    DateTimeOffset DateCreated)
{
    public static KeyJson Of(KeyRow key, PublicAddress address) => new(
        key.Id.ToString(), key.Name, key.Name, key.PublicKey, key.ProjectId, key.IsActive,
        key.RateLimit is { } limit ? new RateLimitJson(limit.WindowSeconds, limit.Count) : null,
        new DsnJson(address.DsnOf(key.ProjectId, key.PublicKey)), key.CreatedAt);
}

/// <summary>At most <paramref name="Count"/> events in each window of <paramref name="Window"/> seconds.</summary>
internal sealed record RateLimitJson(int Window, int Count);

internal sealed record DsnJson(string Public);
