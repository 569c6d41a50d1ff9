namespace ErrorHub.Storage.Sqlite.Spool;

/// <summary>
/// The folders of the spool that belong to this process. Several processes may share a data directory: each has a folder of its own,
/// held by a lock that ends with it, and whoever starts takes over the folders that nobody holds.
/// </summary>
internal sealed class SpoolDirectory : IDisposable
{
    private readonly List<FileStream> _locks;

    private SpoolDirectory(List<FileStream> locks, List<string> folders)
    {
        _locks = locks;
        Folders = folders;
    }

    /// <summary>The folders; the first is written to, all are read.</summary>
    public IReadOnlyList<string> Folders { get; }

    public static SpoolDirectory Claim(string root)
    {
        var (locks, folders) = (new List<FileStream>(), new List<string>());
        Directory.CreateDirectory(root);
        var known = Directory.EnumerateDirectories(root).Where(d => int.TryParse(Path.GetFileName(d), out _)).Order(StringComparer.Ordinal);
        foreach (var folder in known)
            TryAdd(folder);

        for (var next = 1; folders.Count == 0; next++)
            TryAdd(Path.Combine(root, next.ToString("D4", System.Globalization.CultureInfo.InvariantCulture)));

        return new SpoolDirectory(locks, folders);

        void TryAdd(string folder)
        {
            Directory.CreateDirectory(folder);
            try
            {
                locks.Add(new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                folders.Add(folder);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                // Another process holds it.
            }
        }
    }

    public void Dispose()
    {
        foreach (var held in _locks)
            held.Dispose();
    }
}
