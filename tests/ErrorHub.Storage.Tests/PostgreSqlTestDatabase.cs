using ErrorHub.Ingest;
using ErrorHub.Storage.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ErrorHub.Storage.Tests;

/// <summary>A database of a random name on the server that ERRORHUB_TEST_POSTGRES names; without it the tests fail.</summary>
public class PostgreSqlTestDatabase : TestDatabase
{
    private readonly string _name = $"errorhub_test_{Guid.NewGuid():N}";
    private NpgsqlDataSource? _dataSource;

    public NpgsqlDataSource DataSource => _dataSource ?? throw new InvalidOperationException("The database is not set up yet.");

    private static string AdminConnectionString =>
        Environment.GetEnvironmentVariable("ERRORHUB_TEST_POSTGRES") is { Length: > 0 } address
            ? address
            : throw new InvalidOperationException(
                "ERRORHUB_TEST_POSTGRES is not set. Give the tests a server, such as Host=127.0.0.1;Username=postgres.");

    public override ErrorHubDbContext NewContext() => new(ContextOptions);

    /// <summary>From how many events on a batch is only noted down.</summary>
    private protected virtual int NotedFrom => int.MaxValue;

    internal CountJournal NewJournal(KnownHashes hashes) => new(DataSource, hashes, Time, NullLogger<CountJournal>.Instance);

    /// <summary>A writer that only notes down, as under load, and what counts for it.</summary>
    internal (IEventWriter Writer, CountJournal Journal) NewJournalledWriter()
    {
        var hashes = new KnownHashes();
        var journal = NewJournal(hashes);
        var writer = new PostgreSqlEventWriter(DataSource, journal, hashes, NewSpikeGuard(), Time, NullLogger<PostgreSqlEventWriter>.Instance) { NotedFrom = 1 };
        return (writer, journal);
    }

    public override IEventWriter NewWriter()
    {
        var hashes = new KnownHashes();
        var journal = NewJournal(hashes);
        return new CountingWriter(
            new PostgreSqlEventWriter(DataSource, journal, hashes, NewSpikeGuard(), Time, NullLogger<PostgreSqlEventWriter>.Instance) { NotedFrom = NotedFrom },
            journal);
    }

    public override IDatabaseMaintenance NewMaintenance() =>
        new PostgreSqlMaintenance(ContextOptions, DataSource, RetentionAsOptions, Time, NullLogger<PostgreSqlMaintenance>.Instance);

    private string ConnectionString =>
        new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = _name, MaxPoolSize = 10 }.ConnectionString;

    public override void AddStorage(IServiceCollection services) => services.AddPostgreSqlStorage(ConnectionString);

    public override async ValueTask InitializeAsync()
    {
        await AdministerAsync($"CREATE DATABASE {_name}");
        _dataSource = PostgreSqlStorage.CreateDataSource(ConnectionString);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_dataSource is null)
            return;

        await DisposeServicesAsync();
        await _dataSource.DisposeAsync();
        await AdministerAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private DbContextOptions<ErrorHubDbContext> ContextOptions
    {
        get
        {
            var options = new DbContextOptionsBuilder<ErrorHubDbContext>();
            PostgreSqlStorage.Configure(options, DataSource);
            return options.Options;
        }
    }

    private static async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(AdminConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The same database, on which every batch that can be is noted down first and counted after.</summary>
public sealed class JournalledPostgreSqlTestDatabase : PostgreSqlTestDatabase
{
    private protected override int NotedFrom => 1;
}

/// <summary>A writer whose notes are counted before it answers, so that tests see what there is in the end.</summary>
internal sealed class CountingWriter(IEventWriter inner, CountJournal journal) : IEventWriter
{
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        var results = await inner.WriteAsync(events, outcomes, cancellationToken);
        var counted = (await journal.FoldAsync(cancellationToken)).Events;
        // What a note makes of an issue is known only now.
        return [.. results.Select(r => r.Stored && r.Transition is null
            ? r with { Transition = counted.FirstOrDefault(c => c.IssueId == r.IssueId && c.Transition is not null).Transition }
            : r)];
    }

    public bool IsFaultOfEvents(Exception exception) => inner.IsFaultOfEvents(exception);

    public string ReasonOf(Exception exception) => inner.ReasonOf(exception);
}
