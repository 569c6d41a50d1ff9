using System.Globalization;
using System.Security.Cryptography;
using ErrorHub.Storage;

namespace ErrorHub.Attachments;

/// <summary>
/// The bytes of attachments: <c>attachments/{project}/{day}/{our id}</c> under the data directory. Nothing a sender writes is part
/// of a path. Whoever shares the database shares this directory.
/// </summary>
public sealed class AttachmentFiles(string dataDirectory)
{
    private readonly string _root = Path.Combine(Path.GetFullPath(dataDirectory), "attachments");

    /// <summary>Bytes that are free on the disk.</summary>
    /// <exception cref="IOException">The disk does not say.</exception>
    public long FreeBytes => new DriveInfo(Existing(_root)).AvailableFreeSpace;

    /// <summary>Writes a new file; when it returns, the bytes are on disk.</summary>
    /// <returns>SHA-256 of the bytes.</returns>
    /// <exception cref="IOException">The disk refuses; what was written is removed.</exception>
    public byte[] Write(long projectId, Guid id, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(projectId, id);
        var day = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(day))
            MakeDirectory(day);

        try
        {
            // Under its own name at once: only a row, which is written later, makes it an attachment, and half a file never gets one.
            Write(path, FileMode.CreateNew, bytes);
            DurableFile.FlushDirectory(day);
        }
        catch (IOException)
        {
            Delete(projectId, id);
            throw;
        }

        return SHA256.HashData(bytes);
    }

    /// <summary>The bytes of an attachment; null when they are not there whole.</summary>
    public Stream? OpenRead(long projectId, Guid id, long bytes)
    {
        try
        {
            var file = new FileStream(PathOf(projectId, id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length == bytes)
                return file;

            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>All bytes of an attachment, whatever its row says of them; null when there is no file.</summary>
    internal byte[]? ReadAll(long projectId, Guid id)
    {
        try
        {
            return File.ReadAllBytes(PathOf(projectId, id));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Puts other bytes in the place of an attachment's; when it returns, they are on disk.</summary>
    /// <exception cref="IOException">The disk refuses; the old bytes stay.</exception>
    internal void Replace(long projectId, Guid id, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(projectId, id);
        Write(path + ".new", FileMode.Create, bytes);
        File.Move(path + ".new", path, overwrite: true);
        DurableFile.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Removes a file; one that is not there, or that the disk will not give up now, is left to the sweep.</summary>
    public void Delete(long projectId, Guid id)
    {
        try
        {
            File.Delete(PathOf(projectId, id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Every file with the project and id its path says; files that are not ours are passed over.</summary>
    public IEnumerable<(long ProjectId, Guid Id)> All()
    {
        if (!Directory.Exists(_root))
            yield break;

        foreach (var project in Directory.EnumerateDirectories(_root))
        {
            if (!long.TryParse(Path.GetFileName(project), NumberStyles.None, CultureInfo.InvariantCulture, out var projectId))
                continue;

            foreach (var file in Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories))
            {
                if (Guid.TryParseExact(Path.GetFileName(file), "N", out var id) && file == PathOf(projectId, id))
                    yield return (projectId, id);
            }
        }
    }

    /// <summary>Removes the directories of days that hold nothing any more.</summary>
    public void RemoveEmptyDays(DateTimeOffset before)
    {
        if (!Directory.Exists(_root))
            return;

        foreach (var day in Directory.EnumerateDirectories(_root).SelectMany(Directory.EnumerateDirectories).ToList())
        {
            // A directory of today may be one that a writer has just made for its file.
            if (string.CompareOrdinal(Path.GetFileName(day), DayOf(before)) >= 0 || Directory.EnumerateFileSystemEntries(day).Any())
                continue;

            try
            {
                Directory.Delete(day);
            }
            catch (IOException)
            {
            }
        }
    }

    private static void Write(string path, FileMode mode, ReadOnlySpan<byte> bytes)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = bytes.Length };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using var file = new FileStream(path, options);
        file.Write(bytes);
        DurableFile.Flush(file);
    }

    private string PathOf(long projectId, Guid id) =>
        Path.Combine(_root, projectId.ToString(CultureInfo.InvariantCulture), DayOf(TimeOf(id)), id.ToString("N"));

    private static string DayOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>When a uuidv7 was made: its first 48 bits are milliseconds.</summary>
    internal static DateTimeOffset TimeOf(Guid id)
    {
        var milliseconds = long.Parse(id.ToString("N").AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MaxValue;
    }

    // The names of the new directories must survive a power cut, too.
    private void MakeDirectory(string day)
    {
        Directory.CreateDirectory(day);
        for (var parent = Path.GetDirectoryName(day)!; parent.Length >= Path.GetDirectoryName(_root)!.Length; parent = Path.GetDirectoryName(parent)!)
            DurableFile.FlushDirectory(parent);
    }

    private static string Existing(string directory) =>
        Directory.Exists(directory) ? directory : Path.GetDirectoryName(directory)!;
}
