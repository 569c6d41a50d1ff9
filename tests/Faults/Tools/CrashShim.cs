using System.Globalization;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>A place on the way to disk at which the process is killed.</summary>
/// <param name="Call">What is about to be done, or was just done.</param>
/// <param name="File">The end of the file's name.</param>
/// <param name="Writes">Which write since the file was last synced, from 1; for a sync, how many writes it syncs at least.</param>
internal sealed record CrashPoint(CrashCall Call, string File, int Writes = 1);

/// <summary>Calls of the C library at which a process can be killed.</summary>
internal enum CrashCall
{
    BeforeWrite,
    BeforeSync,
    AfterSync,
    BeforeDelete,
}

/// <summary>
/// A library before the C library that sends the process a kill -9 at an exact place. The places are SQLite's and .NET's own calls, so that
/// ErrorHub has no crash points that could be reached in production.
/// </summary>
internal sealed class CrashShim
{
    // Counts only from the first sync that it has seen after it was armed, so that it does not begin in the middle of a transaction.
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <limits.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/types.h>
        #include <unistd.h>

        enum { WRITE, SYNC, SYNCED, DELETE };
        static int writes, counting;

        /* The point in force, if it is about this file: "call writes end-of-name". */
        static int point(const char *path, int *call, int *count) {
          char end[64] = "";
          const char *arm = getenv("CRASH_AT");
          FILE *file = arm ? fopen(arm, "re") : NULL;
          if (!file) return 0;
          int read = fscanf(file, "%d %d %63s", call, count, end);
          fclose(file);
          size_t length = strlen(path), tail = strlen(end);
          return read == 3 && length >= tail && strcmp(path + length - tail, end) == 0;
        }
        static int point_of(int fd, int *call, int *count) {
          char link[40], path[PATH_MAX];
          snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
          ssize_t length = readlink(link, path, sizeof path - 1);
          if (length < 0) return 0;
          path[length] = 0;
          return point(path, call, count);
        }
        static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

        ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
          int call, count;
          if (point_of(fd, &call, &count) && ++writes == count && call == WRITE && counting) die();
          return ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(fd, bytes, length, at);
        }
        static int sync_of(const char *name, int fd) {
          int call = -1, count = 0, ours = point_of(fd, &call, &count), full = counting && writes >= count;
          if (ours && full && call == SYNC) die();
          int result = ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
          if (ours && full && call == SYNCED) die();
          if (ours) { writes = 0; counting = 1; }
          return result;
        }
        int fsync(int fd) { return sync_of("fsync", fd); }
        int fdatasync(int fd) { return sync_of("fdatasync", fd); }
        int unlink(const char *path) {
          int call, count;
          if (point(path, &call, &count) && call == DELETE) die();
          return ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(path);
        }
        """;

    private readonly string _library;
    private string _arm = "";

    private CrashShim(string library) => _library = library;

    /// <summary>Builds it; null without a C compiler.</summary>
    public static async Task<CrashShim?> BuildAsync(CancellationToken cancellationToken) =>
        await Shim.BuildAsync("crash", Source, cancellationToken) is { } library ? new CrashShim(library) : null;

    /// <summary>Makes the processes of an installation run with it.</summary>
    public void Load(Installation installation)
    {
        _arm = Path.Combine(installation.DataDirectory, "crash-at");
        installation.Settings["LD_PRELOAD"] = _library;
        installation.Settings["CRASH_AT"] = _arm;
    }

    /// <summary>Kills the process when it comes to this point. The next process runs unharmed until this is called again.</summary>
    public async Task KillAsync(ErrorHubProcess process, CrashPoint point, CancellationToken cancellationToken)
    {
        // Whole at once: a process that reads half a line would take another point.
        var line = string.Create(CultureInfo.InvariantCulture, $"{(int)point.Call} {point.Writes} {point.File}");
        await File.WriteAllTextAsync(_arm + ".new", line, cancellationToken);
        File.Move(_arm + ".new", _arm, overwrite: true);
        try
        {
            await process.EndedAsync(cancellationToken);
        }
        finally
        {
            File.Delete(_arm);
        }
    }
}
