using System.Data.Common;
using System.Net;
using System.Net.Sockets;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>
/// One ErrorHub on one empty database: its data directory, port and settings, which outlive the processes that run it. Gone at the end.
/// </summary>
public abstract class Installation : IAsyncDisposable
{
    public const string OwnerEmail = "owner@example.com";
    public const string OwnerPassword = "correct horse battery staple";
    public const string ApiToken = "e2e0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc";
    public const string ProjectKey = "0123456789abcdef0123456789abcdef";

    protected Installation()
    {
        Settings["ErrorHub__DataDirectory"] = DataDirectory;
    }

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("errorhub-e2e-").FullName;

    /// <summary>Kept for the whole life of the installation, so that a DSN survives a restart.</summary>
    public Uri BaseUrl { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>Environment of its processes; tests add theirs before the start.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Words before the program's own, such as <c>prlimit --nofile=256 --</c>; they must become the program, not its parent.</summary>
    public IReadOnlyList<string> Launcher { get; set; } = [];

    /// <summary>The DSN of project 1, once <see cref="WithOwner"/> has fixed its key.</summary>
    public string Dsn => $"http://{ProjectKey}@{BaseUrl.Authority}/1";

    /// <summary>A look at the rows that does not go through ErrorHub.</summary>
    public abstract Task<DbConnection> OpenDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>Makes the first start create an owner, a token and a known key, instead of printing a set-up link.</summary>
    public Installation WithOwner()
    {
        Settings["ErrorHub__Bootstrap__AdminEmail"] = OwnerEmail;
        Settings["ErrorHub__Bootstrap__AdminPassword"] = OwnerPassword;
        Settings["ErrorHub__Bootstrap__ApiToken"] = ApiToken;
        Settings["ErrorHub__Bootstrap__ProjectKey"] = ProjectKey;
        return this;
    }

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(DataDirectory, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
