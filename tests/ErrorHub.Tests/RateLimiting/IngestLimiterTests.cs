using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Tests.RateLimiting;

public sealed class IngestLimiterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 10, TimeSpan.Zero));

    [Fact]
    public void Take_NoLimits_TakesAnyNumber()
    {
        var limiter = Limiter();

        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.Null(limiter.Take(Key("a"))));
        Assert.Empty(limiter.OpenWindows());
    }

    [Fact]
    public void Take_KeyIsFull_SaysHowLongAndLeavesOtherKeysAlone()
    {
        var limiter = Limiter();
        var full = Key("a", new EventLimit(60, 2));
        Assert.Null(limiter.Take(full));
        Assert.Null(limiter.Take(full));

        Assert.Equal(new LimitHit(TimeSpan.FromSeconds(50), RateLimitScope.Key, DiscardReason.KeyQuota), limiter.Take(full));

        Assert.Null(limiter.Take(Key("b", new EventLimit(60, 2))));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Null(limiter.Take(full));
    }

    [Fact]
    public void Take_ProjectIsFull_HoldsAllItsKeysAndNoOthers()
    {
        var limiter = Limiter();
        var quota = new EventLimit(3600, 3);
        Assert.All(new[] { "a", "b", "a" }, key => Assert.Null(limiter.Take(Key(key, project: quota))));

        var hit = limiter.Take(Key("b", project: quota));

        // However long the window, a client asks again after a minute.
        Assert.Equal(new LimitHit(TimeSpan.FromSeconds(60), RateLimitScope.Project, DiscardReason.ProjectQuota), hit);
        Assert.Null(limiter.Take(Key("c", project: quota) with { ProjectId = 2 }));
    }

    [Fact]
    public void Take_InstallationIsFull_HoldsAllProjects()
    {
        var limiter = Limiter(new QuotaOptions { Events = 2, WindowSeconds = 60 });
        limiter.Take(Key("a"));
        limiter.Take(Key("b") with { ProjectId = 2 });

        Assert.Equal(DiscardReason.InstallationQuota, limiter.Take(Key("c") with { ProjectId = 3 })?.Reason);
    }

    [Fact]
    public void Take_OneOfItsLimitsIsFull_UsesUpNoneOfTheOthers()
    {
        var limiter = Limiter();
        var entry = Key("a", new EventLimit(60, 1), new EventLimit(60, 10));
        for (var i = 0; i < 20; i++)
            limiter.Take(entry);

        Assert.Equal([1L, 1L], limiter.OpenWindows().Select(u => u.Taken));
    }

    [Fact]
    public void Shared_OthersTookTheRest_IsFullHereToo()
    {
        var limiter = Limiter();
        var entry = Key("a", new EventLimit(60, 10));
        limiter.Take(entry);

        var use = Assert.Single(limiter.OpenWindows());
        limiter.Shared(use, takenByAll: 10);

        Assert.NotNull(limiter.Take(entry));
        Assert.Equal(("key:a", 0L), (use.Name, Assert.Single(limiter.OpenWindows()).Taken));
    }

    [Fact]
    public void OpenWindows_LongAfter_AreForgotten()
    {
        var limiter = Limiter();
        limiter.Take(Key("a", new EventLimit(60, 10)));
        limiter.Shared(limiter.OpenWindows()[0], 1);

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(limiter.OpenWindows());
    }

    private static DirectoryEntry Key(string name, EventLimit? limit = null, EventLimit? project = null) =>
        new(name, 1, true, limit, null, project);

    private IngestLimiter Limiter(QuotaOptions? quota = null) => new(Options.Create(quota ?? new QuotaOptions()), _time);
}
