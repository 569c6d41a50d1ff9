namespace ErrorHub.Storage.Sqlite;

/// <summary>A lock between processes of one machine, held by an open file: it ends with its process, even one that is killed.</summary>
internal sealed class FileLock : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                // Held by another; the system offers nothing to wait on.
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    // The file stays: deleting it would let a third process lock a new file while a second waits for the old one.
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
