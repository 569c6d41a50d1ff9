using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Projects;

/// <summary>
/// The keys as last read, in the data directory, so that a process that starts while the database is away knows its senders, and how
/// their projects scrub. Keys are public, every app carries its own; a project's configuration from Sentry may have the key of its hashes
/// in it, so the file is its owner's alone, as that of the users' hashes beside it.
/// </summary>
public sealed partial class KeyFile(string path, ILogger<KeyFile> logger)
{
    private IReadOnlyList<DirectoryEntry> _saved = [];

    /// <summary>True when an earlier run has left keys.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Keeps the keys, when they are others than those kept last.</summary>
    public void Save(IReadOnlyList<DirectoryEntry> keys)
    {
        if (keys.SequenceEqual(_saved))
            return;

        try
        {
            // Whole under another name first: a kill must not leave half a file.
            var fresh = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

            using (var stream = new FileStream(fresh, options))
                JsonSerializer.Serialize(stream, keys);

            File.Move(fresh, path, overwrite: true);
            _saved = keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, path, e.Message);
        }
    }

    /// <summary>The keys kept last; null when there are none that can be read.</summary>
    public IReadOnlyList<DirectoryEntry>? Load()
    {
        try
        {
            return Exists ? JsonSerializer.Deserialize<DirectoryEntry[]>(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.NotLoaded(logger, path, e.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1302, LogLevel.Warning, "The keys could not be kept in {Path}, so a start without the database would not know them: {Reason}")]
        public static partial void NotSaved(ILogger logger, string path, string reason);

        [LoggerMessage(1303, LogLevel.Warning, "{Path} cannot be read, no sender is known until the database answers: {Reason}")]
        public static partial void NotLoaded(ILogger logger, string path, string reason);
    }
}
