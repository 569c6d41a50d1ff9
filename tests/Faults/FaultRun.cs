using System.Data.Common;
using System.Globalization;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using Microsoft.Data.Sqlite;
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
    private readonly List<ErrorHubProcess> _processes = [];
    private DatabaseLine? _line;
    private EventLoad? _load;
    private string? _role;

    private FaultRun(string fault, Installation installation) => (Fault, Installation) = (fault, installation.WithOwner());

    public Installation Installation { get; }

    /// <summary>Its name in the ledger; a run with several accounts changes it in between.</summary>
    public string Fault { get; set; }

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

    /// <summary>Records of the spool that were damaged.</summary>
    public int SetAside { get; set; }

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
    public Task<Verdict> AccountAsync(params Uri[] processes) => AccountAsync(Load, processes);

    /// <summary>Draws up the account of a further load.</summary>
    public Task<Verdict> AccountAsync(EventLoad load, params Uri[] processes) =>
        new Accountant(Fault, Installation, load) { Killed = Killed, Resent = Resent, SetAside = SetAside }
            .CheckAsync(processes is [] ? [Process.Address] : processes);

    /// <summary>Makes projects 2 to <paramref name="last"/>, each with a key that allows a million events a minute.</summary>
    public async Task AddProjectsAsync(int last)
    {
        var (now, id, key) = Installation is SqliteInstallation
            ? ($"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000}", "randomblob(16)", "printf('%032x', n)")
            : ("now()", "gen_random_uuid()", "lpad(to_hex(n), 32, '0')");
        var numbers = $"WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})";
        await ExecuteAsync(
            $"""
            {numbers} INSERT INTO projects (id, slug, name, created_at, next_issue_number) SELECT n, 'p' || n, 'Project ' || n, {now}, 1 FROM numbers;
            {numbers} INSERT INTO project_keys (project_id, id, public_key, name, is_active, rate_limit_window_seconds, rate_limit_count, created_at)
                SELECT n, {id}, {key}, 'Default', true, 60, 1000000, {now} FROM numbers;
            """);
    }

    /// <summary>A load on one of these projects.</summary>
    public EventLoad NewLoad(int project, int perSecond) =>
        new(Installation.BaseUrl) { Project = project, Key = project.ToString("x32", CultureInfo.InvariantCulture), PerSecond = perSecond };

    /// <summary>Files of the spool.</summary>
    public string[] SpoolFiles(string pattern) =>
        Directory.GetFiles(Path.Combine(Installation.DataDirectory, "spool"), pattern, SearchOption.AllDirectories);

    /// <summary>Runs SQL past ErrorHub, and past the line.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var db = await OpenWritableAsync();
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

    private async Task<DbConnection> OpenWritableAsync()
    {
        var db = await Installation.OpenDatabaseAsync(Cancelled);
        if (db is not SqliteConnection)
            return db;

        var writable = new SqliteConnection(new SqliteConnectionStringBuilder(db.ConnectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
        await db.DisposeAsync();
        await writable.OpenAsync(Cancelled);
        return writable;
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
