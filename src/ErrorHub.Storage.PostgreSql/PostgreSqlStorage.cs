using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Registers PostgreSQL as the database.</summary>
public static class PostgreSqlStorage
{
    /// <summary>
    /// Adds the context, the event writer and the upkeep over a connection string. All of them share one pool,
    /// the registered <see cref="NpgsqlDataSource"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">How the database is reached.</param>
    /// <param name="maxConnections">Most connections of the pool, when the connection string does not say.</param>
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, string connectionString, int maxConnections = 100)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => CreateDataSource(connectionString, maxConnections));
        services.AddDbContext<ErrorHubDbContext>(
            (provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>()),
            optionsLifetime: ServiceLifetime.Singleton);
        services.AddSingleton<SpikeGuard>();
        services.AddSingleton<KnownHashes>();
        services.AddSingleton<CountJournal>();
        services.AddSingleton<ICountJournal>(provider => provider.GetRequiredService<CountJournal>());
        services.AddSingleton<IEventWriter, PostgreSqlEventWriter>();
        services.AddSingleton<IDatabaseMaintenance, PostgreSqlMaintenance>();
        services.AddSingleton<ISearchDialect, PostgreSqlSearchDialect>();
        return services;
    }

    /// <summary>The options of the context for the design-time factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseNpgsql(connectionString, npgsql => npgsql.MigrationsAssembly("ErrorHub.Migrations.PostgreSql"))
        .UseSnakeCaseNamingConvention();

    internal static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource dataSource) => options
        .UseNpgsql(dataSource, npgsql => npgsql.MigrationsAssembly("ErrorHub.Migrations.PostgreSql"))
        .UseSnakeCaseNamingConvention();

    /// <summary>A pool with our defaults for what the connection string does not set.</summary>
    internal static NpgsqlDataSource CreateDataSource(string connectionString, int maxConnections = 100)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        Default("Application Name", "errorhub");
        // Fail fast: behind an unreachable database the ingest path falls back to its spool.
        Default("Maximum Pool Size", maxConnections);
        Default("Timeout", 5);
        Default("Command Timeout", 30);
        // The writer's and the pages' statements are few and always the same texts.
        Default("Max Auto Prepare", 64);
        Default("Auto Prepare Min Usages", 3);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();

        void Default(string key, object value)
        {
            if (!settings.ShouldSerialize(key))
                settings[key] = value;
        }
    }
}
