using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ErrorHub.Storage;

/// <summary>
/// Brings files to the disk and tells when that failed. On Linux .NET 10 does not: <see cref="FileStream.Flush(bool)"/> reports
/// success when fsync fails (reliability-security.md, finding 4), so fsync is called here.
/// </summary>
internal static class DurableFile
{
    /// <summary>Returns when the file's bytes are on disk.</summary>
    /// <exception cref="IOException">They may not be; the file is not to be trusted, and must not be flushed again.</exception>
    public static void Flush(FileStream file)
    {
        file.Flush();
        if (OperatingSystem.IsWindows())
            file.Flush(flushToDisk: true);
        else
            Check(Native.Fsync(file.SafeFileHandle));
    }

    /// <summary>Returns when the names in a directory are on disk.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void FlushDirectory(string path)
    {
        // Windows has no such call, and writes names through its journal.
        if (OperatingSystem.IsWindows())
            return;

        using var directory = Native.Open(path, Native.ReadOnly);
        if (directory.IsInvalid)
            throw new IOException($"A directory cannot be opened (errno {Marshal.GetLastPInvokeError()}).");

        Check(Native.Fsync(directory));
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new IOException($"fsync failed (errno {Marshal.GetLastPInvokeError()}).");
    }

    private static class Native
    {
        public const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(SafeFileHandle file);

        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
    }
}
