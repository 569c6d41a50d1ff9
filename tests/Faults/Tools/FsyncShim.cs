using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Tools;

/// <summary>A library before the C library, under which fsync fails while a file exists.</summary>
internal sealed class FsyncShim
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdlib.h>
        #include <unistd.h>

        static int fails(void) { const char *sign = getenv("FSYNC_FAILS"); return sign && access(sign, F_OK) == 0; }
        static int real(const char *name, int fd) { return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd); }
        int fsync(int fd) { if (fails()) { errno = EIO; return -1; } return real("fsync", fd); }
        int fdatasync(int fd) { if (fails()) { errno = EIO; return -1; } return real("fdatasync", fd); }
        """;

    private readonly string _library;
    private string _sign = "";

    private FsyncShim(string library) => _library = library;

    /// <summary>Builds it; null without a C compiler.</summary>
    public static async Task<FsyncShim?> BuildAsync(CancellationToken cancellationToken) =>
        await Shim.BuildAsync("fsync", Source, cancellationToken) is { } library ? new FsyncShim(library) : null;

    /// <summary>Makes the processes of an installation run with it.</summary>
    public void Load(Installation installation)
    {
        _sign = Path.Combine(installation.DataDirectory, "fsync-fails");
        installation.Settings["LD_PRELOAD"] = _library;
        installation.Settings["FSYNC_FAILS"] = _sign;
    }

    /// <summary>From now on fsync fails.</summary>
    public void Fail() => File.WriteAllText(_sign, "");

    /// <summary>Works again.</summary>
    public void Work() => File.Delete(_sign);
}
