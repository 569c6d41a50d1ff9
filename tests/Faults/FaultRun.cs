using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using Npgsql;

namespace ErrorHub.Faults;

/// <summary>Which database a fault meets.</summary>
public enum Database
{
    Sqlite,
    PostgreSql,
}

/// <summary>One fault: an installation of its own, the load on it, the line to its database, and the account at the end.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private readonly string _fault;
    private readonly List<ErrorHubProcess> _processes = [];
    private DatabaseLine? _line;
    private EventLoad? _load;
    private string? _role;

    private FaultRun(string fault, Installation installation) => (_fault, Installation) = (fault, installation.WithOwner());

    public Installation Installation { get; }

    /// <summary>How events are sent; set before the first use when not the usual way.</summary>
    public EventLoad Load
    {
        get => _load ??= new EventLoad(Installation.BaseUrl);
        init => _load = value;
    }

    /// <summary>The line between ErrorHub and PostgreSQL.</summary>
    public DatabaseLine Line => _line ?? throw new InvalidOperationException("Only PostgreSQL has a line.");

    /// <summary>The process started last.</summary>
    public ErrorHubProcess Process => _processes[^1];

    /// <summary>True when a process was killed.</summary>
    public bool Killed { get; set; }

    /// <summary>Times a stored event was sent again.</summary>
    public int Resent { get; set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A run on a database; PostgreSQL is reached by a line that can be cut.</summary>
    public static FaultRun On(Database database, string fault)
    {
        if (database == Database.Sqlite)
            return new FaultRun(fault, new SqliteInstallation());

        var run = new FaultRun(fault, new PostgreSqlInstallation());
        var address = new NpgsqlConnectionStringBuilder(run.Installation.Settings["ConnectionStrings__ErrorHub"]);
        run._line = new DatabaseLine(address.Host!, address.Port);
        run.Installation.Settings["ConnectionStrings__ErrorHub"] =
            new NpgsqlConnectionStringBuilder(address.ConnectionString) { Host = "127.0.0.1", Port = run._line.Port }.ConnectionString;
        return run;
    }

    /// <summary>Sends events in another way than the usual one; only before the first was sent.</summary>
    public FaultRun Sending(EventLoad load)
    {
        _load = load;
        return this;
    }

    /// <summary>Starts ErrorHub and waits until it is ready.</summary>
    public async Task StartAsync() => _processes.Add(await ErrorHubProcess.StartAsync(Installation, Cancelled));

    /// <summary>Starts ErrorHub and waits until it lives, whatever its database does.</summary>
    public async Task StartAliveAsync() => _processes.Add(await ErrorHubProcess.StartAliveAsync(Installation, Cancelled));

    /// <summary>Starts a further process of the same installation on an address of its own.</summary>
    public async Task StartAnotherAsync(Uri address) => _processes.Add(await ErrorHubProcess.StartAsync(Installation, Cancelled, address));

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        Killed = true;
        await Process.KillAsync(Cancelled);
    }

    /// <summary>Sends events while something happens, and waits for the last answer.</summary>
    public async Task UnderLoadAsync(Func<Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = Load.RunAsync(stop.Token);
        try
        {
            await Load.NextAnswerAsync(Cancelled);
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Sends events until one is answered 200, which must not take long after a fault that had others refused.</summary>
    public async Task TakesEventsAgainAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; (await Load.SendAsync()).Status != 200; tries++)
        {
            Assert.True(tries < 100, "events are still refused");
            await pause.WaitForNextTickAsync(Cancelled);
        }
    }

    /// <summary>Draws up the account with the process started last, or with all of several.</summary>
    public Task<Verdict> AccountAsync(params Uri[] processes) =>
        new Accountant(_fault, Installation, Load) { Killed = Killed, Resent = Resent }.CheckAsync(processes is [] ? [Process.Address] : processes);

    /// <summary>Runs SQL past ErrorHub, and past the line.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var db = await Installation.OpenDatabaseAsync(Cancelled);
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>Makes the database read-only for whoever connects from now on, and lets nobody stay; or undoes it.</summary>
    public async Task SetReadOnlyAsync(bool readOnly)
    {
        await using var db = await Installation.OpenDatabaseAsync(Cancelled);
        await PostgreSqlInstallation.ExecuteAsync($"ALTER DATABASE {db.Database} SET default_transaction_read_only = {(readOnly ? "on" : "off")}");
        await EndOtherSessionsAsync();
    }

    /// <summary>Makes ErrorHub a usual role of PostgreSQL, which limits hold, unlike a superuser; before its first start.</summary>
    public async Task UseOwnRoleAsync()
    {
        await using var db = await Installation.OpenDatabaseAsync(Cancelled);
        _role = db.Database;
        await ExecuteAsync($"CREATE ROLE {_role} LOGIN; ALTER DATABASE {db.Database} OWNER TO {_role}; GRANT ALL ON SCHEMA public TO {_role}");
        Installation.Settings["ConnectionStrings__ErrorHub"] += $";Username={_role}";
    }

    /// <summary>Lets the role have so many connections, and ends those there are; -1 is no limit.</summary>
    public async Task LimitConnectionsAsync(int limit)
    {
        await ExecuteAsync($"ALTER ROLE {_role} CONNECTION LIMIT {limit}");
        await EndOtherSessionsAsync();
    }

    private Task EndOtherSessionsAsync() =>
        ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            // Shown when the test fails.
            TestContext.Current.TestOutputHelper?.WriteLine($"--- process {process.Id}, {process.End}\n{process.Log}");
            await process.DisposeAsync();
        }

        _load?.Dispose();
        if (_line is not null)
            await _line.DisposeAsync();
        await Installation.DisposeAsync();
        if (_role is not null)
            await PostgreSqlInstallation.ExecuteAsync($"DROP ROLE {_role}");
    }
}
