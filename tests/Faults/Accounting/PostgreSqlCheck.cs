using ErrorHub.EndToEnd.Tests.Hosting;
using Npgsql;

namespace ErrorHub.Faults.Accounting;

/// <summary>PostgreSQL's own check of tables and indexes, where its program is installed.</summary>
internal static class PostgreSqlCheck
{
    private const int MostAttempts = 5;

    private static readonly string? Program =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", "pg_amcheck")).LastOrDefault(File.Exists)
            : null;

    public static async Task<IEnumerable<string>> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        if (Program is null)
            return [];

        var server = new NpgsqlConnectionStringBuilder(connectionString);
        string[] arguments = ["-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, "-d", server.Database!, "--install-missing"];
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = server.Password ?? "" };
        var run = await ProgramRun.ToEndAsync(Program, arguments, environment, cancellationToken);
        // A table that goes while it looks is an error to it. Damage is still there the next time.
        for (var attempt = 1; run.ExitCode != 0 && attempt < MostAttempts; attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(attempt), cancellationToken);
            run = await ProgramRun.ToEndAsync(Program, arguments, environment, cancellationToken);
        }

        return run.ExitCode == 0 ? [] : [$"pg_amcheck: {run.Output}{run.Errors}"];
    }
}
