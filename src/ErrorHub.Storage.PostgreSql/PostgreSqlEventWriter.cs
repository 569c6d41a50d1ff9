using System.Net.Sockets;
using ErrorHub.Ingest;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>
/// Writes a batch in one transaction and about eight round trips. Every statement takes its rows in the order of their keys, and
/// the tables always in the same order, so that the writers of several processes queue up instead of deadlocking.
/// </summary>
public sealed partial class PostgreSqlEventWriter(
    NpgsqlDataSource dataSource, SpikeGuard spikes, TimeProvider time, ILogger<PostgreSqlEventWriter> logger) : IEventWriter
{
    private const int Attempts = 5;

    private readonly EventPartitions _partitions = new();

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
            }
        }
    }

    /// <inheritdoc/>
    public bool IsFaultOfEvents(Exception exception) => exception switch
    {
        // 22 data, 23 integrity, 54 a limit of the program: about values. All others are about the server or the way to it.
        PostgresException e => e.SqlState[..2] is "22" or "23" or "54",
        NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException or IssueVanishedException => false,
        _ => true,
    };

    /// <inheritdoc/>
    public string ReasonOf(Exception exception) => exception switch
    {
        // Not the detail, which quotes the row.
        PostgresException e => $"PostgreSQL error {e.SqlState}{(e.TableName is { } table ? $" at {table}" : "")}",
        _ => exception.GetType().Name,
    };

    // 23514 is also what an insert gets when its partition was dropped behind our back.
    private static bool IsTransient(PostgresException e) => e.SqlState is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.CheckViolation;

    private async Task<IReadOnlyList<WriteResult>> WriteOnceAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        var batch = new EventBatch(events, spikes);
        var now = time.GetUtcNow();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await _partitions.EnsureAsync(connection, batch.Events, cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EventRows.ReserveIdsAsync(connection, batch, cancellationToken);
        var issues = await IssueRows.ResolveAsync(connection, batch, now, cancellationToken);
        var changes = batch.Fold(issues, outcomes, now);
        await EventRows.CopyAsync(connection, batch, cancellationToken);
        // What is only added to goes in one round trip.
        await using var counts = new NpgsqlBatch(connection);
        await IssueRows.ApplyAsync(connection, changes, counts, cancellationToken);
        RollupRows.Add(changes, counts);
        if (counts.BatchCommands.Count > 0)
            await counts.ExecuteNonQueryAsync(cancellationToken);

        await transaction.CommitAsync(cancellationToken);
        return batch.Results;
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "A batch of {EventCount} events met another writer (attempt {Attempt}, {Cause}); it is tried again.")]
        public static partial void Retrying(ILogger logger, int eventCount, int attempt, string cause);
    }
}
