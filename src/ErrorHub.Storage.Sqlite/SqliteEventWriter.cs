using ErrorHub.Ingest;
using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite;

/// <summary>
/// Writes a batch in one transaction on one connection that it keeps, with its statements prepared. SQLite has one writer at a
/// time, so nothing needs locking or retrying. Runs on the caller's thread: SQLite has no asynchronous calls.
/// </summary>
public sealed class SqliteEventWriter(string connectionString, SpikeGuard spikes, TimeProvider time) : IEventWriter, IDisposable
{
    private Session? _session;

    /// <inheritdoc/>
    public Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<WriteResult>>(cancellationToken);

        try
        {
            _session ??= new Session(connectionString);
            return Task.FromResult(_session.Write(new EventBatch(events), spikes, outcomes, time.GetUtcNow()));
        }
        catch (Exception e)
        {
            // Closing the connection rolls back; the next batch starts on a fresh one, whatever state this one is in.
            Dispose();
            return Task.FromException<IReadOnlyList<WriteResult>>(e);
        }
    }

    /// <inheritdoc/>
    public bool IsFaultOfEvents(Exception exception) => exception switch
    {
        // Too big, constraint, mismatch, range: about values. All others (busy, full, I/O, corrupt ...) are about the file.
        SqliteException e => e.SqliteErrorCode is 18 or 19 or 20 or 25,
        IOException or TimeoutException or OperationCanceledException => false,
        _ => true,
    };

    /// <inheritdoc/>
    public string ReasonOf(Exception exception) => exception switch
    {
        SqliteException e => $"SQLite error {e.SqliteErrorCode} ({e.SqliteExtendedErrorCode})",
        _ => exception.GetType().Name,
    };

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    private sealed class Session : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _begin;
        private readonly SqliteStatement _commit;
        private readonly EventRows _events;
        private readonly IssueRows _issues;
        private readonly RollupRows _rollups;

        public Session(string connectionString)
        {
            // Not from the pool: it is kept for good, and is gone for good when it fails.
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            try
            {
                _connection.Open();
                SqlitePragmas.ApplyForWriter(_connection);
                // The write lock is taken at the start: to ask for it halfway can fail without waiting. In words and not by
                // SqliteTransaction, to which every prepared command would have to be attached anew.
                _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE", 0);
                _commit = new SqliteStatement(_connection, "COMMIT", 0);
                _events = new EventRows(_connection);
                _issues = new IssueRows(_connection);
                _rollups = new RollupRows(_connection);
            }
            catch
            {
                _connection.Dispose();
                throw;
            }
        }

        public IReadOnlyList<WriteResult> Write(
            EventBatch batch, SpikeGuard spikes, IReadOnlyList<OutcomeCount> outcomes, DateTimeOffset now)
        {
            _begin.Run();
            _events.ReserveIds(batch);
            var issues = _issues.Resolve(batch, now);
            batch.ChooseKept(batch.StoredPositions, spikes, key => issues[key].Id);
            var changes = batch.Fold(issues, outcomes, now);
            _events.Insert(batch);
            _issues.Apply(changes);
            _rollups.Add(changes);
            _commit.Run();
            return batch.Results;
        }

        public void Dispose()
        {
            _begin.Dispose();
            _commit.Dispose();
            _events.Dispose();
            _issues.Dispose();
            _rollups.Dispose();
            _connection.Dispose();
        }
    }
}
