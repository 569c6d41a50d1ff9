using ErrorHub.Ingest;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Sqlite.Spool;

/// <summary>
/// The spool as a row of small SQLite files. Appending goes to the newest, replaying reads the oldest, and a file goes when all in it is
/// in the database. A file that fails once is never written to again.
/// </summary>
public sealed partial class SqliteEventSpool : IEventSpool, IDisposable
{
    private const long MaxBatchBytes = 16 * 1024 * 1024;

    // A start takes over what is left; more than a few are there only while the whole folder is away.
    private const int MaxAbandoned = 16;

    private readonly Lock _lock = new();
    private readonly SpoolDirectory _directory;
    private readonly SpoolOptions _options;
    private readonly ILogger<SqliteEventSpool> _logger;
    private readonly List<SpoolSegment> _segments = [];
    private readonly List<string> _abandoned = [];
    private SpoolSegment? _writing;
    private string? _failure;

    /// <summary>Takes what earlier runs have left.</summary>
    /// <param name="root">Folder of the spool; made when it is missing.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="logger">Hears of what is damaged.</param>
    public SqliteEventSpool(string root, IOptions<SpoolOptions> options, ILogger<SqliteEventSpool> logger)
    {
        (_options, _logger) = (options.Value, logger);
        _directory = SpoolDirectory.Claim(root);
        Probe();
        foreach (var path in _directory.Folders.SelectMany(f => Directory.EnumerateFiles(f, "*.spool")).OrderBy(Path.GetFileName, StringComparer.Ordinal))
            Adopt(path);
    }

    /// <inheritdoc/>
    public SpoolState State
    {
        get
        {
            lock (_lock)
                return new SpoolState(_segments.Sum(s => s.Count), Bytes, _failure ?? Shortage(0)) { IsFilling = Shortage(Bytes) is not null };
        }
    }

    private long Bytes => _segments.Sum(s => s.Bytes);

    /// <inheritdoc/>
    public void Append(IReadOnlyList<ProcessedEvent> events) => Append(events.Select(ProcessedEventFormat.Write).ToArray());

    /// <inheritdoc/>
    public void Append(SpoolNote note) => Append([[note.Kind, .. note.Bytes.Span]]);

    /// <inheritdoc/>
    public SpooledBatch? ReadOldest(int maxEvents)
    {
        while (true)
        {
            SpoolSegment? segment;
            List<SpoolRecord> records;
            lock (_lock)
            {
                DeleteEmpty();
                if ((segment = _segments.FirstOrDefault()) is null)
                    return null;

                try
                {
                    records = segment.Read(maxEvents, MaxBatchBytes);
                }
                catch (SqliteException e)
                {
                    SetAside(segment, e);
                    continue;
                }
            }

            // Outside the lock: whoever appends does not wait for this.
            var (events, rows, notes) = Contents(segment, records);
            if (events.Count + notes.Count > 0)
                return new SpooledBatch(events, segment.Name, records[^1].Row) { Rows = rows, Notes = notes };

            lock (_lock)
                Remove(segment, records.Count == 0 ? long.MaxValue : records[^1].Row);
        }
    }

    /// <inheritdoc/>
    public void Remove(SpooledBatch batch)
    {
        lock (_lock)
        {
            if (_segments.Find(s => s.Name == batch.Segment) is { } segment)
                Remove(segment, batch.LastRow);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _segments)
                segment.Dispose();

            _segments.Clear();
            _directory.Dispose();
        }
    }

    // Loads all that an append needs. Later, with no descriptor left to open it with, a library is lost for the life of the process.
    private void Probe()
    {
        var path = Path.Combine(_directory.Folders[0], "probe");
        try
        {
            SpoolSegment.Open(path).Delete();
        }
        catch (SqliteException)
        {
            // The first append says so, to whom it matters.
            SpoolSegment.TryDelete(path);
        }
    }

    private string? Shortage(long more)
    {
        if (Bytes + more > _options.MaxBytes)
            return $"the spool is full ({_options.MaxBytes} bytes, ErrorHub__Spool__MaxBytes)";

        long free;
        try
        {
            free = new DriveInfo(_directory.Folders[0]).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the folder of the spool cannot be read: {e.Message}";
        }

        return free - more < _options.MinFreeBytes
            ? $"the disk of the spool has {free} bytes left (ErrorHub__Spool__MinFreeBytes is {_options.MinFreeBytes})"
            : null;
    }

    private void Append(byte[][] records)
    {
        lock (_lock)
        {
            if (Shortage(records.Sum(r => (long)r.Length)) is { } shortage)
                throw new SpoolException(shortage);

            try
            {
                AppendTo(_writing ?? NewSegment(), records);
            }
            catch (SqliteException e)
            {
                // What was committed to it earlier stays readable. Perhaps a fresh file fares better; a second failure is the disk's.
                Log.SegmentFailed(_logger, _writing?.Name ?? "a new file", e.Message);
                AppendToFresh(records);
            }

            _failure = null;
        }
    }

    private void AppendTo(SpoolSegment segment, byte[][] records)
    {
        segment.Append(records);
        if (segment.Bytes >= _options.SegmentBytes)
            _writing = null;
    }

    private void AppendToFresh(byte[][] records)
    {
        try
        {
            AppendTo(NewSegment(), records);
        }
        catch (SqliteException e)
        {
            _writing = null;
            _failure = $"the spool cannot be written: {e.Message}";
            throw new SpoolException(_failure, e);
        }
    }

    private SpoolSegment NewSegment()
    {
        var path = Path.Combine(_directory.Folders[0], $"{Guid.CreateVersion7():n}.spool");
        try
        {
            var segment = SpoolSegment.Open(path);
            _segments.Add(segment);
            return _writing = segment;
        }
        catch (SqliteException)
        {
            // Half made, and every further batch makes another one: a failing disk must not fill up with them.
            Abandon(path);
            throw;
        }
    }

    private void Abandon(string path)
    {
        if (!SpoolSegment.TryDelete(path) && _abandoned.Count < MaxAbandoned)
            _abandoned.Add(path);
    }

    private void Adopt(string path)
    {
        try
        {
            _segments.Add(SpoolSegment.Open(path));
        }
        catch (SqliteException e)
        {
            Log.Damaged(_logger, Path.GetFileName(path), QuarantineFile(path), e.Message);
        }
    }

    private (List<ProcessedEvent> Events, List<long> Rows, List<(long Row, SpoolNote Note)> Notes) Contents(SpoolSegment segment, List<SpoolRecord> records)
    {
        var (events, rows, notes) = (new List<ProcessedEvent>(records.Count), new List<long>(records.Count), new List<(long Row, SpoolNote Note)>());
        foreach (var record in records)
        {
            try
            {
                if (!record.IsIntact)
                    throw new InvalidDataException("Its digest is another.");

                if (record.Bytes is [>= SpoolNote.FirstKind, ..])
                {
                    notes.Add((record.Row, new SpoolNote(record.Bytes[0], record.Bytes.AsMemory(1))));
                    continue;
                }

                events.Add(ProcessedEventFormat.Read(record.Bytes));
                rows.Add(record.Row);
            }
            catch (InvalidDataException e)
            {
                Log.DamagedRecord(_logger, record.Row, segment.Name, QuarantineRecord(segment, record), e.Message);
            }
        }

        return (events, rows, notes);
    }

    private void Remove(SpoolSegment segment, long lastRow)
    {
        try
        {
            segment.Remove(lastRow);
        }
        catch (SqliteException e)
        {
            // They come again after a restart, and are recognised then.
            throw new SpoolException($"the spool cannot be written: {e.Message}", e);
        }

        DeleteEmpty();
    }

    private void DeleteEmpty()
    {
        foreach (var segment in _segments.Where(s => s.Count == 0).ToArray())
        {
            _segments.Remove(segment);
            if (_writing == segment)
                _writing = null;

            if (!segment.Delete())
                Abandon(segment.FullPath);
        }

        _abandoned.RemoveAll(SpoolSegment.TryDelete);
    }

    private void SetAside(SpoolSegment segment, SqliteException e)
    {
        _segments.Remove(segment);
        if (_writing == segment)
            _writing = null;

        segment.Dispose();
        var path = _directory.Folders.Select(f => Path.Combine(f, segment.Name)).First(File.Exists);
        Log.Damaged(_logger, segment.Name, QuarantineFile(path), e.Message);
    }

    private static string QuarantineFile(string path)
    {
        var folder = Quarantine(Path.GetDirectoryName(path)!);
        foreach (var file in SpoolSegment.FilesOf(path).Where(File.Exists))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);

        return folder;
    }

    private string QuarantineRecord(SpoolSegment segment, SpoolRecord record)
    {
        var file = Path.Combine(Quarantine(_directory.Folders[0]), $"{segment.Name}-{record.Row}.record");
        File.WriteAllBytes(file, record.Bytes);
        return file;
    }

    private static string Quarantine(string folder) => Directory.CreateDirectory(Path.Combine(folder, "damaged")).FullName;

    private static partial class Log
    {
        [LoggerMessage(2211, LogLevel.Error, "{Segment} of the spool failed and is not written to any more: {Reason}")]
        public static partial void SegmentFailed(ILogger logger, string segment, string reason);

        [LoggerMessage(2212, LogLevel.Error, "{Segment} of the spool is damaged and was moved to {Folder}: {Reason}")]
        public static partial void Damaged(ILogger logger, string segment, string folder, string reason);

        [LoggerMessage(2213, LogLevel.Error, "Record {Row} of {Segment} of the spool is damaged and was copied to {File}: {Reason}")]
        public static partial void DamagedRecord(ILogger logger, long row, string segment, string file, string reason);
    }
}
