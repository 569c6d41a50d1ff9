using ErrorHub.Privacy;
using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite;

/// <summary>Removes what is past its retention in steps of a few milliseconds, so that the writer gets its turn between them.</summary>
internal sealed class SqliteExpiry(SqliteConnection connection)
{
    private const int Step = 500;

    private const string FindClasses = "SELECT DISTINCT retention_days FROM event_keys";

    // By the primary key's order: project, then time.
    private const string DeleteEvents = """
        DELETE FROM events WHERE rowid IN (
            SELECT rowid FROM events WHERE project_id = $1 AND received_at < $2 AND retention_days = $3 LIMIT $4)
        RETURNING event_id
        """;

    private const string DeleteKey = "DELETE FROM event_keys WHERE project_id = $1 AND event_id = $2";

    private const string FindOldIssues = "SELECT id FROM issues WHERE project_id = $1 AND first_seen < $2";

    private const string DeleteIssueHours = "DELETE FROM issue_hours WHERE project_id = $1 AND issue_id = $2 AND hour < $3";

    private const string DeleteOutcomeHours = "DELETE FROM outcome_hours WHERE project_id = $1 AND hour < $2";

    private const string DeleteRemovalDays = "DELETE FROM removal_days WHERE project_id = $1 AND day < $2";

    private const string DeleteRemovalPaths = """
        DELETE FROM removal_paths WHERE project_id = $1 AND first_seen < $2 AND (rule, path) NOT IN (
            SELECT rule, path FROM removal_days WHERE project_id = $1 AND day >= $2)
        """;

    private const string DeleteDeadLetters = "DELETE FROM dead_letters WHERE expires_at < $1";

    /// <summary>Removes what is old.</summary>
    /// <returns>How many events went.</returns>
    public async Task<long> RunAsync(DateTimeOffset now, TimeSpan statistics, CancellationToken cancellationToken)
    {
        var removed = 0L;
        var classes = await ReadAsync(FindClasses, reader => reader.GetInt16(0), cancellationToken);
        foreach (var project in await ReadAsync("SELECT id FROM projects", reader => reader.GetInt64(0), cancellationToken))
        {
            foreach (var days in classes)
                removed += await RemoveEventsAsync(project, days, now.AddDays(-days), cancellationToken);

            await RemoveStatisticsAsync(project, now - statistics, cancellationToken);
            using var deletePaths = new SqliteStatement(connection, DeleteRemovalPaths, 2);
            deletePaths.Run(project, now - RemovalPath.Kept);
        }

        using (var deleteDeadLetters = new SqliteStatement(connection, DeleteDeadLetters, 1))
            deleteDeadLetters.Run(now);

        await ReleasePagesAsync(cancellationToken);
        return removed;
    }

    private async Task<long> RemoveEventsAsync(long project, short days, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var removed = 0L;
        int step;
        do
        {
            step = await RemoveStepAsync(project, days, before, cancellationToken);
            removed += step;
        }
        while (step == Step);
        return removed;
    }

    private async Task<int> RemoveStepAsync(long project, short days, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        var ids = await ReadAsync(DeleteEvents, reader => reader.GetFieldValue<byte[]>(0), cancellationToken, project, before, days, Step);
        using (var deleteKey = new SqliteStatement(connection, DeleteKey, 2))
        {
            foreach (var eventId in ids)
                deleteKey.Run(project, eventId);
        }

        await transaction.CommitAsync(cancellationToken);
        return ids.Count;
    }

    private async Task RemoveStatisticsAsync(long project, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var deleteHours = new SqliteStatement(connection, DeleteIssueHours, 3);
        foreach (var issue in await ReadAsync(FindOldIssues, reader => reader.GetFieldValue<byte[]>(0), cancellationToken, project, before))
        {
            cancellationToken.ThrowIfCancellationRequested();
            deleteHours.Run(project, issue, before);
        }

        using var deleteOutcomes = new SqliteStatement(connection, DeleteOutcomeHours, 2);
        deleteOutcomes.Run(project, before);
        using var deleteRemovals = new SqliteStatement(connection, DeleteRemovalDays, 2);
        deleteRemovals.Run(project, before);
    }

    // Gives free pages back to the file system, some at a time (auto_vacuum = INCREMENTAL).
    private async Task ReleasePagesAsync(CancellationToken cancellationToken)
    {
        for (var free = await FreePagesAsync(cancellationToken); free > 0; free = await FreePagesAsync(cancellationToken))
        {
            await ReadAsync("PRAGMA incremental_vacuum(1000)", _ => 0, cancellationToken);
            // A file that was made without auto_vacuum keeps its pages, and uses them again.
            if (await FreePagesAsync(cancellationToken) == free)
                return;
        }
    }

    private async Task<long> FreePagesAsync(CancellationToken cancellationToken) =>
        (await ReadAsync("PRAGMA freelist_count", reader => reader.GetInt64(0), cancellationToken))[0];

    private async Task<List<T>> ReadAsync<T>(
        string sql, Func<SqliteDataReader, T> row, CancellationToken cancellationToken, params object?[] values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        var rows = new List<T>();
        await using var reader = statement.Read(values);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));

        return rows;
    }
}
