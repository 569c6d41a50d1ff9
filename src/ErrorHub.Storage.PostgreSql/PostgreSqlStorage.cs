using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Registers PostgreSQL as the database.</summary>
public static class PostgreSqlStorage
{
    /// <summary>Adds the context and the event writer over a connection string.</summary>
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, string connectionString)
    {
        services.AddDbContext<ErrorHubDbContext>(options => Configure(options, connectionString));
        services.AddSingleton<ISearchDialect, PostgreSqlSearchDialect>();
        return services;
    }

    /// <summary>The options of the context, shared with the design-time factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string connectionString) => options
        .UseNpgsql(connectionString, npgsql => npgsql.MigrationsAssembly("ErrorHub.Migrations.PostgreSql"))
        .UseSnakeCaseNamingConvention();
}
