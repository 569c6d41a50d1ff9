using ErrorHub.Projects;
using ErrorHub.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Tests;

/// <summary>Several processes, or one before and after a restart, hold to a limit together.</summary>
public abstract class LimitSharingTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly string _key = Guid.NewGuid().ToString("n");

    public async ValueTask InitializeAsync() => await database.MigratedAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Share_TwoProcesses_KnowOfEachOther()
    {
        var ((a, shareA), (b, shareB)) = (NewProcess(), NewProcess());
        Assert.Equal(60, Take(a, 60));
        Assert.Equal(10, Take(b, 10));
        await shareA.ShareAsync(Cancellation);
        await shareB.ShareAsync(Cancellation);
        await shareA.ShareAsync(Cancellation);

        // 70 of 100 are taken, and both know it.
        Assert.Equal(30, Take(a, 50));
        Assert.Equal(30, Take(b, 50));
        await shareA.ShareAsync(Cancellation);
        await shareB.ShareAsync(Cancellation);
        Assert.Equal(0, Take(b, 50));
    }

    [Fact]
    public async Task Share_Restarted_RemembersTheWindow()
    {
        var (before, shareBefore) = NewProcess();
        Take(before, 100);
        await shareBefore.ShareAsync(Cancellation);

        var (after, shareAfter) = NewProcess();
        // The first event opens the window; the next look at the database knows the rest.
        Take(after, 1);
        await shareAfter.ShareAsync(Cancellation);

        Assert.Equal(0, Take(after, 10));
    }

    [Fact]
    public async Task Share_NextWindow_BeginsAtNought()
    {
        var (limiter, sharing) = NewProcess();
        Take(limiter, 100);
        await sharing.ShareAsync(Cancellation);
        database.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(100, Take(limiter, 200));
        await sharing.ShareAsync(Cancellation);
        Assert.Equal(0, Take(limiter, 10));
    }

    private int Take(IngestLimiter limiter, int events)
    {
        var entry = new DirectoryEntry(_key, 1, true, new EventLimit(60, 100), null);
        return Enumerable.Range(0, events).Count(_ => limiter.Take(entry) is null);
    }

    private (IngestLimiter Limiter, LimitSharing Sharing) NewProcess()
    {
        var limiter = new IngestLimiter(Options.Create(new QuotaOptions()), database.Time);
        var services = new ServiceCollection().AddScoped(_ => database.NewContext()).BuildServiceProvider();
        return (limiter, new LimitSharing(
            limiter, services.GetRequiredService<IServiceScopeFactory>(), database.Time, NullLogger<LimitSharing>.Instance));
    }
}

public sealed class SqliteLimitSharingTests(SqliteTestDatabase database) : LimitSharingTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlLimitSharingTests(PostgreSqlTestDatabase database) : LimitSharingTests<PostgreSqlTestDatabase>(database);
