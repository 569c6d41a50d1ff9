using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Retention;
using ErrorHub.Similarity;
using ErrorHub.SourceMaps;
using ErrorHub.UseCases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Storage.Tests;

/// <summary>An empty database of its own for each test class, and what a process opens on it. Projects keep tests apart.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    public static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private Task? _migrated;
    private ServiceProvider? _services;
    private long _lastProject;

    public FakeTimeProvider Time { get; } = new(Now);

    /// <summary>Where this database's files beside it lie; removed with it.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("errorhub-files-").FullName;

    public RetentionOptions Retention { get; } = new();

    /// <summary>What the next writers are made with.</summary>
    public IngestOptions Ingest { get; } = new();

    protected SpikeGuard NewSpikeGuard() => new(Options.Create(Ingest));

    protected IOptions<RetentionOptions> RetentionAsOptions => Options.Create(Retention);

    public abstract ErrorHubDbContext NewContext();

    /// <summary>A writer as another process would have it.</summary>
    public abstract IEventWriter NewWriter();

    public abstract IDatabaseMaintenance NewMaintenance();

    /// <summary>The use cases over this database, registered as in the program.</summary>
    public UseCaseSender UseCases => (_services ??= BuildServices()).GetRequiredService<UseCaseSender>();

    /// <summary>A service of that program; null when this database has none.</summary>
    public T? Service<T>() => (_services ??= BuildServices()).GetService<T>();

    /// <summary>Sees to the schema; the tests of a class share it.</summary>
    public Task MigratedAsync() => _migrated ??= MigrateAsync();

    /// <summary>How many migrations lead from nothing to the schema of this program.</summary>
    public int MigrationCount()
    {
        using var db = NewContext();
        return db.Database.GetMigrations().Count();
    }

    /// <summary>Runs SQL and returns its only value.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var db = NewContext();
        return (await db.Database.SqlQueryRaw<T>(sql).ToListAsync(TestContext.Current.CancellationToken)).Single();
    }

    public async Task<Project> NewProjectAsync(short? retentionDays = null)
    {
        await using var db = NewContext();
        var id = Interlocked.Increment(ref _lastProject);
        var project = new Project { Id = id, Slug = $"p{id}", Name = $"Project {id}", CreatedAt = Now, RetentionDays = retentionDays };
        db.Projects.Add(project);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return project;
    }

    public abstract void AddStorage(IServiceCollection services);

    protected async ValueTask DisposeServicesAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();

        Directory.Delete(DataDirectory, recursive: true);
    }

    private ServiceProvider BuildServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time).AddSingleton(RetentionAsOptions).AddLogging().AddUseCases().AddAttachments(DataDirectory).AddSourceMaps(DataDirectory).AddSimilarity();
        AddStorage(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private async Task MigrateAsync()
    {
        var maintenance = NewMaintenance();
        await maintenance.MigrateAsync(TestContext.Current.CancellationToken);
        await maintenance.PrepareStorageAsync(TestContext.Current.CancellationToken);
    }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}
