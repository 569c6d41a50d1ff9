using System.Globalization;

namespace ErrorHub.Web.Hosting;

/// <summary>How the files that the system lets this process open are shared out between the program, its database and its clients.</summary>
internal static class Descriptors
{
    /// <summary>The least limit under which it starts.</summary>
    public const long Least = 512;

    // Some 370 after a start: the runtime keeps every assembly open, and opens a few more later. A runtime that cannot open one does not
    // fail the request but ends the process with "Out of memory".
    private const long Program = 400;

    // The spool's files, attachments on their way to disk, SQLite's files beside its database.
    private const long Files = 64;

    private const int MostDatabaseConnections = 100;

    /// <summary>Files that may be open at once; null when the system sets no limit that could be read.</summary>
    public static long? Limit { get; } = Read();

    /// <summary>Connections that the pool to PostgreSQL may hold.</summary>
    public static int ForDatabase => DatabaseShare(Limit);

    /// <summary>Connections that clients may have at once.</summary>
    public static int? ForClients => ClientShare(Limit);

    internal static int DatabaseShare(long? limit) =>
        limit is { } files ? (int)Math.Clamp((files - Program) / 4, 8, MostDatabaseConnections) : MostDatabaseConnections;

    internal static int? ClientShare(long? limit) =>
        limit is { } files ? (int)Math.Clamp(files - Program - Files - DatabaseShare(limit), 16, int.MaxValue) : null;

    /// <summary>Refuses a limit under which the program would end in the middle of its start, without a word about why.</summary>
    /// <exception cref="StartException">It is too low.</exception>
    public static void CheckLimit()
    {
        if (Limit < Least)
        {
            throw new StartException(
                $"The limit on open files is {Limit}, of which the program itself takes {Program}; raise it to {Least} or more, for example with "
                + "ulimit -n 4096, LimitNOFILE=4096 in a systemd unit, or --ulimit nofile=4096 for Docker");
        }
    }

    private static long? Read()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits))
            return null;

        // Max open files            1024                 524288               files
        var line = File.ReadLines(limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        return long.TryParse(line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var soft)
            ? soft
            : null;
    }
}
