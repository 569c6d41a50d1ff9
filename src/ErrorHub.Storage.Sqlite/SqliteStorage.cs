using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ErrorHub.Storage.Sqlite;

/// <summary>Registers SQLite as the database.</summary>
public static class SqliteStorage
{
    /// <summary>
    /// Adds the context, the event writer and the upkeep over a connection string such as <c>Data Source=data/errorhub.db</c>.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDbContext<ErrorHubDbContext>(
            options => Configure(options, connectionString), optionsLifetime: ServiceLifetime.Singleton);
        services.AddSingleton<SpikeGuard>();
        services.AddSingleton<IEventWriter>(provider => new SqliteEventWriter(
            connectionString, provider.GetRequiredService<SpikeGuard>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDatabaseMaintenance, SqliteMaintenance>();
        services.AddSingleton<ISearchDialect, SqliteSearchDialect>();
        return services;
    }

    /// <summary>The options of the context, shared with the design-time factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseSqlite(connectionString, sqlite => sqlite
            .MigrationsAssembly("ErrorHub.Migrations.Sqlite")
            // A list is one parameter, read with json_each. EF Core's default is a parameter for each member, and a statement that has to
            // be parsed anew for each length of the list: a second for the 10,000 projects of a large installation.
            .UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
        .UseSnakeCaseNamingConvention()
        .AddInterceptors(Pragmas)
        .ReplaceService<IModelCustomizer, SqliteModelCustomizer>()
        .ReplaceService<IMigrationsSqlGenerator, NarrowTablesSqlGenerator>();

    private static readonly SqlitePragmas Pragmas = new();
}
