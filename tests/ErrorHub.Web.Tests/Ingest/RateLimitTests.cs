using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>A key with a limit: rows 60 and 61 of protocol.md section 12.</summary>
public sealed partial class RateLimitTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Fact]
    public async Task Row60And61_KeyOverItsLimit_429WithoutBodyAndOnlyForEvents()
    {
        const string key = "77777777777777777777777777777777";
        var now = DateTimeOffset.UtcNow;
        await server.ChangeAsync(db =>
        {
            db.Add(new ProjectKey
            {
                ProjectId = 1,
                Id = Guid.CreateVersion7(now),
                PublicKey = key,
                Name = "Limited",
                IsActive = true,
                CreatedAt = now,
                RateLimitWindowSeconds = 3600,
                RateLimitCount = 1,
            });
            return Task.CompletedTask;
        });
        var path = $"{Sdk.Envelope}?sentry_key={key}";
        var (first, second) = (Sdk.NewId(), Sdk.NewId());
        (await _sdk.PostAsync(path, Sdk.EnvelopeOf(first))).IsTaken(first);

        var answer = await _sdk.PostAsync(path, Sdk.EnvelopeOf(second));

        // With a body the PHP SDK does not read the limits.
        Assert.Equal((HttpStatusCode.TooManyRequests, ""), (answer.Status, answer.Body));
        Assert.InRange(int.Parse(Assert.Single(answer.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture), 1, 3600);
        Assert.Matches(Limits(), Assert.Single(answer.Headers.GetValues("X-Sentry-Rate-Limits")));
        await _sdk.IsNotStoredAsync(second);
        Assert.Equal(1, await _sdk.CountedAsync(Outcome.RateLimited, "key_quota", "error"));
        Assert.Equal(HttpStatusCode.OK, (await _sdk.PostAsync(path, "{}\n{\"type\":\"session\"}\n{}")).Status);
    }

    [Fact]
    public async Task Row60_ProjectOverItsQuota_429ForAllItsKeys()
    {
        var now = DateTimeOffset.UtcNow;
        string[] keys = [Guid.NewGuid().ToString("n"), Guid.NewGuid().ToString("n")];
        await server.ChangeAsync(db =>
        {
            db.Add(new Project { Id = 60, Slug = "limited", Name = "Limited", CreatedAt = now, QuotaWindowSeconds = 86_400, QuotaCount = 1 });
            foreach (var key in keys)
                db.Add(new ProjectKey { ProjectId = 60, Id = Guid.CreateVersion7(now), PublicKey = key, Name = "Key", IsActive = true, CreatedAt = now });

            return Task.CompletedTask;
        });
        var (first, second) = (Sdk.NewId(), Sdk.NewId());
        (await _sdk.PostAsync($"/api/60/envelope/?sentry_key={keys[0]}", Sdk.EnvelopeOf(first))).IsTaken(first);

        var answer = await _sdk.PostAsync($"/api/60/store/?sentry_key={keys[1]}", Sdk.Event(second));

        Assert.Equal((HttpStatusCode.TooManyRequests, ""), (answer.Status, answer.Body));
        Assert.EndsWith(":error;default;security:project:project_quota", Assert.Single(answer.Headers.GetValues("X-Sentry-Rate-Limits")), StringComparison.Ordinal);
        await _sdk.IsNotStoredAsync(second);
    }

    [GeneratedRegex(@"\A\d+:[a-z_;]*:(organization|project|key)(:[a-z_]+)?(,\d+:[a-z_;]*:(organization|project|key)(:[a-z_]+)?)*\z")]
    private static partial Regex Limits();
}
