using ErrorHub.EndToEnd.Tests.Api;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>An ErrorHub with an owner that the tests of one collection share, each with a project of its own.</summary>
public abstract class RunningServer(Installation installation) : IAsyncLifetime
{
    private ErrorHubProcess? _process;

    public Uri BaseUrl => installation.BaseUrl;

    public string DataDirectory => installation.DataDirectory;

    public ErrorHubApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // What is answered is there to be looked at, however busy the machine is.
        installation.Settings["ErrorHub__Ingest__AnswerWithin"] = "00:00:10";
        _process = await ErrorHubProcess.StartAsync(installation.WithOwner(), CancellationToken.None);
        Api = new ErrorHubApi(BaseUrl);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        await installation.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteServer() : RunningServer(new SqliteInstallation());

public sealed class PostgreSqlServer() : RunningServer(new PostgreSqlInstallation());

[CollectionDefinition(nameof(OnSqlite))]
public sealed class OnSqlite : ICollectionFixture<SqliteServer>;

[CollectionDefinition(nameof(OnPostgreSql))]
public sealed class OnPostgreSql : ICollectionFixture<PostgreSqlServer>;
