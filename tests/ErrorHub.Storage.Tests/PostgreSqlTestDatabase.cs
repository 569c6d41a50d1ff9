using ErrorHub.Storage.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ErrorHub.Storage.Tests;

/// <summary>A database of a random name on the server that ERRORHUB_TEST_POSTGRES names; without it the tests fail.</summary>
public sealed class PostgreSqlTestDatabase : TestDatabase
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

    public override IEventWriter NewWriter() =>
        new PostgreSqlEventWriter(DataSource, NewSpikeGuard(), Time, NullLogger<PostgreSqlEventWriter>.Instance);

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
