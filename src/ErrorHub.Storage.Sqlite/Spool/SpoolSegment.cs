using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite.Spool;

/// <summary>A record of a segment: its place, and its bytes as written or damaged.</summary>
internal readonly record struct SpoolRecord(long Row, byte[] Bytes, bool IsIntact);

/// <summary>
/// One file of the spool. A SQLite database, because SQLite reports an fsync that failed, which .NET on Linux hides
/// (reliability-security.md, finding 4), and because a torn tail of its log is recognised and cut off when it is opened. What it does
/// not check is what lies in the file, so every record carries a digest. The log holds one append at most: damage in the middle of a
/// longer one would cut off, without a word, all that was appended after it.
/// </summary>
internal sealed class SpoolSegment : IDisposable
{
    private const int DigestBytes = 16;

    // No other process opens it, so its log needs no shared memory. NORMAL would lose the last commits in a power cut.
    private const string Prepare = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 1;
        CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, digest BLOB NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS removed (one INTEGER PRIMARY KEY, last_id INTEGER NOT NULL);
        INSERT OR IGNORE INTO removed VALUES (1, 0);
        """;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _read;
    private readonly SqliteStatement _remove;
    private long _last;
    private long _removed;

    private SpoolSegment(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        _append = new SqliteStatement(connection, "INSERT INTO records (digest, bytes) VALUES ($1, $2)", 2);
        _read = new SqliteStatement(connection, "SELECT id, digest, bytes FROM records WHERE id > $1 ORDER BY id LIMIT $2", 2);
        _remove = new SqliteStatement(connection, "UPDATE removed SET last_id = $1", 1);
        using var state = new SqliteStatement(
            connection, "SELECT last_id, (SELECT coalesce(max(id), 0) FROM records), (SELECT coalesce(sum(length(bytes)), 0) FROM records) FROM removed", 0);
        using var row = state.Read();
        row.Read();
        (_removed, _last, Bytes) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Where it lies.</summary>
    public string FullPath => _path;

    /// <summary>File name, which is also the order of the segments.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Records that are not removed; their rows have no gaps.</summary>
    public long Count => Math.Max(0, _last - _removed);

    /// <summary>Bytes of all records the file has had.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="SqliteException">It cannot be made, or is no segment any more.</exception>
    public static SpoolSegment Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            using var prepare = connection.CreateCommand();
            prepare.CommandText = Prepare;
            prepare.ExecuteNonQuery();
            return new SpoolSegment(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Appends records in one transaction.</summary>
    /// <exception cref="SqliteException">None of them is on disk. The segment must not be appended to again.</exception>
    public void Append(IReadOnlyList<byte[]> records)
    {
        using (var transaction = new SqliteStatement(_connection, "BEGIN IMMEDIATE", 0))
            transaction.Run();

        try
        {
            foreach (var record in records)
                _append.Run(DigestOf(record), record);

            using var commit = new SqliteStatement(_connection, "COMMIT", 0);
            commit.Run();
        }
        catch (SqliteException)
        {
            // Some errors end the transaction by themselves. A half one left open would be read.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                using var rollback = new SqliteStatement(_connection, "ROLLBACK", 0);
                rollback.Run();
            }

            Overwrite();
            throw;
        }

        _last += records.Count;
        Bytes += records.Sum(r => (long)r.Length);
    }

    // A commit whose fsync failed lies in the log, its commit mark included: a process killed now would find it at its next start and store
    // what was refused. So one more commit, which nobody relies on and which is not synced, is written over its first page; every later page
    // continues a chain of checksums that is broken with it. From then on nothing moves out of the log, whose last append may be nowhere else.
    private void Overwrite()
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF; PRAGMA user_version = 1; PRAGMA synchronous = FULL;";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // Not even that can be written, so neither could the commit mark.
        }
    }

    /// <summary>The oldest records that are not removed, up to a number of records and about a number of bytes.</summary>
    public List<SpoolRecord> Read(int maxRecords, long maxBytes)
    {
        var records = new List<SpoolRecord>();
        var bytes = 0L;
        using var reader = _read.Read(_removed, maxRecords);
        while (bytes < maxBytes && reader.Read())
        {
            var record = reader.GetFieldValue<byte[]>(2);
            records.Add(new SpoolRecord(reader.GetInt64(0), record, DigestOf(record).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(1))));
            bytes += record.Length;
        }

        return records;
    }

    /// <summary>Removes the records up to this row.</summary>
    public void Remove(long lastRow)
    {
        _remove.Run(lastRow);
        _removed = lastRow;
    }

    /// <summary>Closes the file and deletes it.</summary>
    /// <returns>False when it cannot be deleted now.</returns>
    public bool Delete()
    {
        Dispose();
        return TryDelete(_path);
    }

    /// <summary>Deletes a closed file and what SQLite keeps beside it; false when it cannot be deleted now.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            foreach (var file in FilesOf(path))
                File.Delete(file);

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _append.Dispose();
        _read.Dispose();
        _remove.Dispose();
        _connection.Dispose();
    }

    /// <summary>The file and what SQLite keeps beside it.</summary>
    public static IEnumerable<string> FilesOf(string path) => [path, $"{path}-wal", $"{path}-shm", $"{path}-journal"];

    private static byte[] DigestOf(byte[] record) => SHA256.HashData(record)[..DigestBytes];
}
