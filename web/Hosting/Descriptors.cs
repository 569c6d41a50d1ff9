using System.Globalization;

namespace ErrorHub.Web.Hosting;

/// <summary>How many connections the system's limit on open files leaves room for.</summary>
internal static class Descriptors
{
    // Some 370 after a start: the runtime keeps every assembly open. The rest is for the database, its pool and the spool. A runtime that
    // cannot open a file does not fail the request but ends the process with "Out of memory".
    private const long Own = 600;

    /// <summary>Connections that clients may have at once; one more is closed at once. Null: the system sets no limit that could be read.</summary>
    public static long? ForConnections => OpenFiles() is { } limit ? Math.Max(16, limit - Own) : null;

    private static long? OpenFiles()
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
