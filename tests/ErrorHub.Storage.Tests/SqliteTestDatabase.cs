using ErrorHub.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorHub.Storage.Tests;

public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly string _directory = Directory.CreateTempSubdirectory("errorhub-storage-").FullName;
    private readonly List<SqliteEventWriter> _writers = [];

    public string ConnectionString => $"Data Source={Path.Combine(_directory, "errorhub.db")}";

    public override ErrorHubDbContext NewContext() => new(ContextOptions);

    public override IEventWriter NewWriter()
    {
        var writer = new SqliteEventWriter(ConnectionString, NewSpikeGuard(), Time);
        _writers.Add(writer);
        return writer;
    }

    public override IDatabaseMaintenance NewMaintenance() =>
        new SqliteMaintenance(ContextOptions, RetentionAsOptions, Time, NullLogger<SqliteMaintenance>.Instance);

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override void AddStorage(IServiceCollection services) => services.AddSqliteStorage(ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await DisposeServicesAsync();
        _writers.ForEach(writer => writer.Dispose());
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private DbContextOptions<ErrorHubDbContext> ContextOptions
    {
        get
        {
            var options = new DbContextOptionsBuilder<ErrorHubDbContext>();
            SqliteStorage.Configure(options, ConnectionString);
            return options.Options;
        }
    }
}
