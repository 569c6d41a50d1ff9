using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Storage.Sqlite;

/// <summary>Registers SQLite as the database.</summary>
public static class SqliteStorage
{
    /// <summary>Adds the context and the event writer over a connection string such as <c>Data Source=data/errorhub.db</c>.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string connectionString)
    {
        services.AddDbContext<ErrorHubDbContext>(options => Configure(options, connectionString));
        services.AddSingleton<ISearchDialect, SqliteSearchDialect>();
        return services;
    }

    /// <summary>The options of the context, shared with the design-time factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseSqlite(connectionString, sqlite => sqlite.MigrationsAssembly("ErrorHub.Migrations.Sqlite"))
        .UseSnakeCaseNamingConvention()
        .ReplaceService<IModelCustomizer, SqliteModelCustomizer>();
}
