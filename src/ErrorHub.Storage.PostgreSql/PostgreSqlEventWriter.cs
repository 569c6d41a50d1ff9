using System.Net.Sockets;
using ErrorHub.Ingest;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>
/// Writes a batch in one transaction. A small one counts itself, in two round trips, four when it makes issues; a large one, which
/// is what load makes, is stored in one and counted later (<see cref="CountJournal"/>). Every statement takes its rows in the order of
/// their keys, and the tables always in the same order, so that the writers of several processes queue up instead of deadlocking.
/// </summary>
public sealed partial class PostgreSqlEventWriter(
    NpgsqlDataSource dataSource, CountJournal journal, KnownHashes hashes, SpikeGuard spikes, TimeProvider time,
    ILogger<PostgreSqlEventWriter> logger) : IEventWriter
{
    private const int Attempts = 5;

    private readonly EventPartitions _partitions = new();

    // A larger batch is one of the spool's, and touches each row once for very many events already.
    private const int NotedTo = 500;

    /// <summary>From how many events on a batch is counted later. Below that it costs less to count at once, and lists move at once.</summary>
    internal int NotedFrom { get; init; } = 8;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(events, outcomes, cancellationToken);
            }
            catch (PostgresException e) when (attempt < Attempts && IsTransient(e))
            {
                // The transaction is gone as a whole, so a fresh one starts from what the other writer committed.
                Log.Retrying(logger, events.Count, attempt, e.SqlState);
                if (e.SqlState == PostgresErrorCodes.CheckViolation)
                    _partitions.Forget();
            }
            catch (IssueVanishedException) when (attempt < Attempts)
            {
                Log.Retrying(logger, events.Count, attempt, "issue deleted");
                hashes.Forget();
            }
        }
    }

    /// <inheritdoc/>
    public bool IsFaultOfEvents(Exception exception) => exception switch
    {
        PostgresException e => IsAboutValues(e),
        NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException or IssueVanishedException => false,
        _ => true,
    };

    /// <inheritdoc/>
    public string ReasonOf(Exception exception) => exception switch
    {
        PostgresException e => ReasonOf(e),
        _ => exception.GetType().Name,
    };

    // 22 data, 23 integrity, 54 a limit of the program: about values. All others are about the server or the way to it.
    internal static bool IsAboutValues(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";

    // Not the detail, which quotes the row.
    internal static string ReasonOf(PostgresException e) => $"PostgreSQL error {e.SqlState}{(e.TableName is { } table ? $" at {table}" : "")}";

    // 23514 is also what an insert gets when its partition was dropped behind our back.
    private static bool IsTransient(PostgresException e) => e.SqlState is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.CheckViolation;

    private async Task<IReadOnlyList<WriteResult>> WriteOnceAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        var batch = new EventBatch(events);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await _partitions.EnsureAsync(connection, batch.Events, cancellationToken);

        if (IsNoted(events.Count) && hashes.TryFind(batch.Fingerprints, out var issues))
            await StoreAsync(connection, batch, issues, outcomes, cancellationToken);
        else
            await StoreAndCountAsync(connection, batch, outcomes, cancellationToken);

        return batch.Results;
    }

    // While others are being counted, a small one would wait for the locks of that.
    private bool IsNoted(int events) => events <= NotedTo && (events >= NotedFrom || (events > 0 && journal.IsBehind));

    private async Task StoreAsync(
        NpgsqlConnection connection, EventBatch batch, Dictionary<FingerprintKey, Guid> issues, IReadOnlyList<OutcomeCount> outcomes,
        CancellationToken cancellationToken)
    {
        batch.ChooseKept(batch.Candidates, spikes, key => issues[key]);
        var changes = new BatchChanges(time.GetUtcNow());
        foreach (var outcome in outcomes)
            changes.AddOutcome(outcome);

        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await using var whole = new NpgsqlBatch(connection);
            EventRows.AddSettings(whole);
            EventRows.AddNoted(whole, batch, key => issues[key]);
            RollupRows.AddOutcomes(changes, whole);
            whole.Add("COMMIT");
            await using var reader = await whole.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await EventRows.ReadNotedAsync(reader, batch, cancellationToken);
        }

        journal.Add();
        await EventRows.MarkTakenAsync(connection, batch, [.. batch.UnstoredPositions], cancellationToken);
        batch.AnswerUncounted(key => issues[key]);
    }

    private async Task StoreAndCountAsync(
        NpgsqlConnection connection, EventBatch batch, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Begins with the first statement and ends with the last one, so that neither takes a round trip of its own.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var issues = await StartAsync(connection, batch, now, cancellationToken);
        batch.ChooseKept(batch.StoredPositions, spikes, key => issues[key].Id);
        var changes = batch.Fold(issues, outcomes, now);
        await using var end = new NpgsqlBatch(connection);
        EventRows.AddInsert(end, batch);
        await IssueRows.ApplyAsync(connection, changes, end, cancellationToken);
        RollupRows.Add(changes, end);
        end.Add("COMMIT");
        await end.ExecuteNonQueryAsync(cancellationToken);
        hashes.Add(issues);
    }

    /// <summary>Takes the ids of the events, and finds or makes their issues, whose rows are then locked.</summary>
    private async Task<Dictionary<FingerprintKey, KnownIssue>> StartAsync(
        NpgsqlConnection connection, EventBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = batch.Fingerprints;
        // A project must be locked before its issues are, and whether it must is known only afterwards. So it is guessed.
        var locked = hashes.ProjectsOfUnknown(keys);
        await using var start = new NpgsqlBatch(connection);
        EventRows.AddReservation(start, batch, locked);
        IssueRows.AddFind(start, keys);
        IReadOnlyCollection<int> taken;
        Dictionary<FingerprintKey, KnownIssue> issues;
        await using (var reader = await start.ExecuteReaderAsync(cancellationToken))
        {
            taken = await EventRows.ReadReservationAsync(reader, batch, cancellationToken);
            issues = await IssueRows.ReadFoundAsync(reader, cancellationToken);
        }

        await EventRows.MarkTakenAsync(connection, batch, taken, cancellationToken);
        await IssueRows.CreateMissingAsync(connection, batch, issues, locked, now, cancellationToken);
        return issues;
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "A batch of {EventCount} events met another writer (attempt {Attempt}, {Cause}); it is tried again.")]
        public static partial void Retrying(ILogger logger, int eventCount, int attempt, string cause);
    }
}
