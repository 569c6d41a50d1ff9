using ErrorHub.Privacy;
using Microsoft.Extensions.Logging;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Removes what is past its retention: whole day partitions with their ids, and old hours of the statistics.</summary>
internal sealed partial class PostgreSqlExpiry(NpgsqlConnection connection, ILogger logger)
{
    // Attached or not: a run that was cut off may have left a detached day behind, or one whose detaching was never finished.
    private const string FindPartitions = """
        SELECT c.relname, parent.relname, coalesce(h.inhdetachpending, false)
        FROM pg_class c
        LEFT JOIN pg_inherits h ON h.inhrelid = c.oid
        LEFT JOIN pg_class parent ON parent.oid = h.inhparent
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'events\_r%\_%'
        """;

    // By the hour, so that no statement runs long and the BRIN index reads only the pages of that hour.
    private const string DeleteKeys = """
        DELETE FROM event_keys WHERE received_at >= $1 AND received_at < $2 AND retention_days = $3
        """;

    private const string DeleteIssueHours = """
        DELETE FROM issue_hours WHERE ctid = ANY(ARRAY(SELECT ctid FROM issue_hours WHERE hour < $1 LIMIT 10000))
        """;

    private const string DeleteOutcomeHours = """
        DELETE FROM outcome_hours WHERE ctid = ANY(ARRAY(SELECT ctid FROM outcome_hours WHERE hour < $1 LIMIT 10000))
        """;

    private const string DeleteRemovalDays = """
        DELETE FROM removal_days WHERE ctid = ANY(ARRAY(SELECT ctid FROM removal_days WHERE day < $1 LIMIT 10000))
        """;

    private const string DeleteRemovalPaths = """
        DELETE FROM removal_paths p WHERE first_seen < $1 AND NOT EXISTS (
            SELECT FROM removal_days d WHERE d.project_id = p.project_id AND d.rule = p.rule AND d.path = p.path AND d.day >= $1)
        """;

    private const string DeleteDeadLetters = "DELETE FROM dead_letters WHERE expires_at < $1";

    public async Task RunAsync(DateTimeOffset now, TimeSpan statistics, CancellationToken cancellationToken)
    {
        foreach (var (partition, parent, detaching) in await FindAsync(cancellationToken))
        {
            if (partition.To.AddDays(partition.RetentionDays) <= now)
                await DropAsync(partition, parent, detaching, cancellationToken);
        }

        foreach (var sql in (string[])[DeleteIssueHours, DeleteOutcomeHours, DeleteRemovalDays])
            while (await ExecuteAsync(sql, cancellationToken, Value((now - statistics).UtcDateTime)) > 0)
                cancellationToken.ThrowIfCancellationRequested();

        await ExecuteAsync(DeleteRemovalPaths, cancellationToken, Value((now - RemovalPath.Kept).UtcDateTime));
        await ExecuteAsync(DeleteDeadLetters, cancellationToken, Value(now.UtcDateTime));
    }

    // The ids go first: should this be cut off, the day is still there and the next run finishes it.
    private async Task DropAsync(EventPartition partition, string? parent, bool detaching, CancellationToken cancellationToken)
    {
        for (var hour = partition.From; hour < partition.To; hour = hour.AddHours(1))
        {
            await ExecuteAsync(
                DeleteKeys, cancellationToken, Value(hour.UtcDateTime), Value(hour.AddHours(1).UtcDateTime), Value(partition.RetentionDays));
        }

        // A plain DROP would wait for every reader of events with all writers queued up behind it. CONCURRENTLY waits alone.
        if (detaching)
            await ExecuteAsync($"ALTER TABLE {parent} DETACH PARTITION {partition.Table} FINALIZE", cancellationToken);
        else if (parent is not null)
            await ExecuteAsync($"ALTER TABLE {parent} DETACH PARTITION {partition.Table} CONCURRENTLY", cancellationToken);

        await ExecuteAsync($"DROP TABLE {partition.Table}", cancellationToken);
        Log.Dropped(logger, partition.Table);
    }

    private async Task<List<(EventPartition Partition, string? Parent, bool Detaching)>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<(EventPartition Partition, string? Parent, bool Detaching)>();
        await using var command = connection.Command(FindPartitions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (EventPartition.TryParse(reader.GetString(0), out var partition))
                found.Add((partition, reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2)));
        }

        return [.. found.OrderBy(f => f.Partition.Day)];
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        command.CommandTimeout = 600;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(2121, LogLevel.Information, "Events past their retention were removed: {Partition}.")]
        public static partial void Dropped(ILogger logger, string partition);
    }
}
