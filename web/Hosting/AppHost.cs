using ErrorHub.Storage;
using ErrorHub.Storage.PostgreSql;
using ErrorHub.Storage.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ErrorHub.Web.Hosting;

/// <summary>The parts of the host that belong to no capability: where files are, logs, limits of Kestrel, the choice of the database.</summary>
internal static class AppHost
{
    /// <summary>Where it listens when nobody says otherwise (contract.md 2).</summary>
    public const string DefaultUrl = "http://localhost:9000";

    /// <summary>A builder whose files lie beside the program, wherever it is started from; data lies where it is started.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "errorhub",
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Under `dotnet run -c Release` the assets of packages lie in the package cache; a published program has no such list.
        builder.WebHost.UseStaticWebAssets();
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"])
            && string.IsNullOrEmpty(builder.Configuration["https_ports"]))
            builder.WebHost.UseUrls(DefaultUrl);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Old SDKs send the whole event in the query of GET /api/1/store/ (protocol.md 3.2).
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            // Slow phones send 200 bytes a second; the default would cut them off. For all requests, since HTTP/2 has no rate of its own
            // for one of them.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 50, gracePeriod: TimeSpan.FromSeconds(30));
        });
        builder.AddConnectionLimit();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(18));
        builder.AddLogs();
        return builder;
    }

    /// <summary>Reads the process's own settings and registers them with the clock, the base address and the key ring.</summary>
    public static InstallationOptions AddInstallation(this WebApplicationBuilder builder)
    {
        var installation = InstallationOptions.Read(builder.Configuration);
        EnsureWritable(installation.DataDirectory);
        builder.Services.AddSingleton(installation);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DatabaseStart>());
        // A fixed name: with the default, the content root, two copies of the program could not read each other's cookies.
        builder.Services.AddDataProtection().SetApplicationName("errorhub").PersistKeysToDbContext<ErrorHubDbContext>();
        return installation;
    }

    /// <summary>PostgreSQL when there is a connection string, else SQLite in the data directory.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder, InstallationOptions installation)
    {
        if (builder.PostgreSqlConnectionString() is { } connectionString)
        {
            builder.Services.AddPostgreSqlStorage(connectionString, Descriptors.ForDatabase);
            return;
        }

        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(installation.DataDirectory, "errorhub.db") };
        builder.Services.AddSqliteStorage(file.ConnectionString);
    }

    /// <summary>The connection string when PostgreSQL is used; null for SQLite.</summary>
    /// <exception cref="StartException">It cannot be read.</exception>
    public static string? PostgreSqlConnectionString(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("ErrorHub") is not { Length: > 0 } text)
            return null;

        const string example = "for example Host=localhost;Database=errorhub;Username=errorhub;Password=...";
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 }
                ? text
                : throw new StartException($"ConnectionStrings__ErrorHub names no Host; {example}");
        }
        catch (ArgumentException e)
        {
            // The message names the keyword and never the value: the text holds a password.
            throw new StartException($"ConnectionStrings__ErrorHub is no PostgreSQL connection string; {example}", e);
        }
    }

    private static void EnsureWritable(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"ErrorHub__DataDirectory is '{directory}', which cannot be written ({StartErrors.FirstLine(e)}); make it writable or choose another, "
                + "for example ErrorHub__DataDirectory=/var/lib/errorhub", e);
        }
    }

    private static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // These two print a stack trace when a port is busy; CommandLine says it in one line instead. That a service failed and ends the
        // process is critical, and said nowhere else.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level is LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Error);
        // What fails there throws too, and who catches it knows whether it matters: at the first start there is no database yet.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database", level => level is LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Query", level => level is LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Update", level => level is LogLevel.Critical);
    }
}
