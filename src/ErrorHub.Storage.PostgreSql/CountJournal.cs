using System.Threading.Channels;
using ErrorHub.Ingest;
using Microsoft.Extensions.Logging;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>
/// Counts what large batches have only noted down: the issues, their users and tags, the rollups. A row that a hundred batches would
/// have touched each is touched once, and no batch waits for another's lock on it.
/// </summary>
/// <remarks>Safe to run in several processes at once: each takes notes that no other has taken.</remarks>
public sealed partial class CountJournal(
    NpgsqlDataSource dataSource, KnownHashes hashes, TimeProvider time, ILogger<CountJournal> logger) : ICountJournal
{
    private const int Attempts = 5;

    // Some 5,000 events under full load. A transaction larger than that would hold its issues too long.
    private const int NotesAtOnce = 200;

    // Notes go by number, so those of a crash come first. Skipped are those that another process is counting.
    private const string TakeNotes = """
        DELETE FROM count_journal
        WHERE number IN (
            SELECT number FROM count_journal WHERE refused IS NULL ORDER BY number LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING number, note, stored
        """;

    private const string FindUncounted = "SELECT unnest(stored) FROM count_journal";

    private const string FindBehind = "SELECT EXISTS (SELECT FROM count_journal, unnest(stored) AS id WHERE refused IS NULL AND id < $1)";

    private const string Refuse = "UPDATE count_journal SET refused = $2 WHERE number = $1";

    private const string TryRefusedAgain = "UPDATE count_journal SET refused = NULL WHERE refused IS NOT NULL";

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _noted;
    private long _counted;
    private bool _started;

    /// <inheritdoc/>
    public long Noted => Interlocked.Read(ref _noted);

    /// <inheritdoc/>
    public bool IsBehind => Interlocked.Read(ref _noted) > Interlocked.Read(ref _counted);

    /// <summary>Says that a batch was noted down.</summary>
    internal void Add()
    {
        Interlocked.Increment(ref _noted);
        _signal.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public async Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await _signal.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<Guid>> UncountedAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindUncounted);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));

        return ids;
    }

    /// <inheritdoc/>
    public async Task<bool> IsBehindAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindBehind);
        command.Parameters.Add(Value(TimeOrderedId.LowerBound(before)));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <inheritdoc/>
    public async Task<FoldedCounts> FoldAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            // What an older program could not read, or a full column refused, may be fine by now.
            await using var command = dataSource.CreateCommand(TryRefusedAgain);
            await command.ExecuteNonQueryAsync(cancellationToken);
            _started = true;
        }

        var noted = Noted;
        FoldedCounts counts;
        try
        {
            counts = await FoldAsync(NotesAtOnce, cancellationToken);
        }
        catch (RefusedNoteException)
        {
            // One of them is at fault: alone, it does not hold up the others.
            counts = await FoldOneAsync(cancellationToken);
        }

        if (!counts.HasMore)
            Interlocked.Exchange(ref _counted, noted);

        return counts;
    }

    private async Task<FoldedCounts> FoldOneAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FoldAsync(1, cancellationToken);
        }
        catch (RefusedNoteException e)
        {
            Log.Refused(logger, e.Number, e.Message);
            await using var command = dataSource.CreateCommand(Refuse);
            command.Parameters.Add(Value(e.Number));
            command.Parameters.Add(Value(e.Message));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new FoldedCounts([], true);
        }
    }

    private async Task<FoldedCounts> FoldAsync(int notes, CancellationToken cancellationToken)
    {
        var lockProjects = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FoldOnceAsync(notes, lockProjects, cancellationToken);
            }
            catch (IssueVanishedException) when (attempt < Attempts)
            {
                hashes.Forget();
                lockProjects = true;
            }
            catch (PostgresException e) when (
                attempt < Attempts && e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // The notes are back where they were.
            }
        }
    }

    private async Task<FoldedCounts> FoldOnceAsync(int mostNotes, bool lockProjects, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var notes = await TakeAsync(connection, mostNotes, cancellationToken);
        if (notes.Count == 0)
            return new FoldedCounts([], false);

        try
        {
            var counted = await CountAsync(connection, notes, lockProjects, cancellationToken);
            return new FoldedCounts(counted, notes.Count == mostNotes);
        }
        catch (InvalidDataException e)
        {
            throw new RefusedNoteException(notes[0].Number, e.Message);
        }
        catch (PostgresException e) when (PostgreSqlEventWriter.IsAboutValues(e))
        {
            throw new RefusedNoteException(notes[0].Number, PostgreSqlEventWriter.ReasonOf(e));
        }
    }

    private async Task<IReadOnlyList<CommittedEvent>> CountAsync(
        NpgsqlConnection connection, List<Note> notes, bool lockProjects, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Once: an event may come twice in a batch, and its id is taken once.
        var events = notes.SelectMany(n => JournalledBatch.Read(n.Bytes).Select(e => (Noted: e, IsStored: n.Stored.Remove(e.Event.Id)))).ToList();
        var batch = new EventBatch(events.ConvertAll(e => e.Noted.Event));
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].IsStored)
                batch.MarkStored(i);

            if (events[i].Noted.Kept)
                batch.MarkKept(i);
        }

        foreach (var position in await EventRows.MarkTakenAsync(connection, batch, [.. batch.UnstoredPositions], cancellationToken))
            batch.LeaveOut(position);

        var locked = lockProjects ? events.Select(e => e.Noted.Event.ProjectId).ToHashSet() : [];
        var issues = await FindAsync(connection, batch, locked, cancellationToken);
        await StrayEvents.SettleAsync(connection, batch, events.ConvertAll(e => e.Noted.IssueId), issues, locked, now, cancellationToken);

        var changes = batch.Fold(issues, [], now);
        await using var end = new NpgsqlBatch(connection);
        await IssueRows.ApplyAsync(connection, changes, end, cancellationToken);
        RollupRows.Add(changes, end);
        end.Add("COMMIT");
        await end.ExecuteNonQueryAsync(cancellationToken);
        return [.. batch.StoredPositions.Select(i => new CommittedEvent(
            batch.Events[i].ProjectId, batch.Results[i].IssueId, batch.Results[i].Transition))];
    }

    private sealed record Note(long Number, byte[] Bytes, HashSet<Guid> Stored);

    private sealed class RefusedNoteException(long number, string reason) : Exception(reason)
    {
        /// <summary>The first of the notes.</summary>
        public long Number => number;
    }

    private static async Task<List<Note>> TakeAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        await using var start = new NpgsqlBatch(connection);
        EventRows.AddSettings(start);
        start.Add(TakeNotes, Value(most));
        await using var reader = await start.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var notes = new List<Note>();
        while (await reader.ReadAsync(cancellationToken))
            notes.Add(new Note(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), [.. reader.GetFieldValue<Guid[]>(2)]));

        notes.Sort((a, b) => a.Number.CompareTo(b.Number));
        return notes;
    }

    private static async Task<Dictionary<FingerprintKey, KnownIssue>> FindAsync(
        NpgsqlConnection connection, EventBatch batch, IReadOnlySet<long> locked, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlBatch(connection);
        EventRows.AddLock(find, locked);
        IssueRows.AddFind(find, batch.StoredFingerprints);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await IssueRows.ReadFoundAsync(reader, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(2103, LogLevel.Error, "Stored events could not be counted: note {Number} of count_journal is refused ({Reason}). It stays there and is tried again when the program starts.")]
        public static partial void Refused(ILogger logger, long number, string reason);
    }
}
