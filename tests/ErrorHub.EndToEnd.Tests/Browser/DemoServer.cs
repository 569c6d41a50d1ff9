using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>An ErrorHub full of demo data that the tests of a class look at.</summary>
public abstract class DemoServer(string database, Installation installation) : IAsyncLifetime
{
    private ErrorHubProcess? _process;

    /// <summary>For names of pictures.</summary>
    public string Database => database;

    public Uri BaseUrl => installation.BaseUrl;

    public async ValueTask InitializeAsync()
    {
        (await ErrorHubProcess.RunAsync(installation.WithOwner(), ["demo"], CancellationToken.None)).Succeeded();
        _process = await ErrorHubProcess.StartAsync(installation, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await installation.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteDemoServer() : DemoServer("sqlite", new SqliteInstallation());

public sealed class PostgreSqlDemoServer() : DemoServer("postgresql", new PostgreSqlInstallation());
