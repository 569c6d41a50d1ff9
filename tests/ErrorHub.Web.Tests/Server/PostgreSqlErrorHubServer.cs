using Npgsql;

namespace ErrorHub.Web.Tests.Server;

/// <summary>As <see cref="ErrorHubServer"/>, on a database of a random name on the server that ERRORHUB_TEST_POSTGRES names.</summary>
public sealed class PostgreSqlErrorHubServer : ErrorHubServer
{
    private readonly string _name = $"errorhub_web_{Guid.NewGuid():N}";

    private static string AdminConnectionString =>
        Environment.GetEnvironmentVariable("ERRORHUB_TEST_POSTGRES") is { Length: > 0 } address
            ? address
            : throw new InvalidOperationException(
                "ERRORHUB_TEST_POSTGRES is not set. Give the tests a server, such as Host=127.0.0.1;Username=postgres.");

    private string ConnectionString =>
        new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = _name, MaxPoolSize = 10 }.ConnectionString;

    // The start makes the database.
    protected override IEnumerable<string> Settings => [$"--ConnectionStrings:ErrorHub={ConnectionString}"];

    protected override async ValueTask RemoveDatabaseAsync()
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(AdminConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}
