using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>
/// Events whose hash led to another issue when they were stored than now: it was merged, or deleted before they were counted. They count
/// where their hash leads now, if they are still there.
/// </summary>
internal static class StrayEvents
{
    private const string FindRows = """
        SELECT e.id FROM events e
        JOIN unnest($1, $2, $3) AS s (project_id, received_at, id) USING (project_id, received_at, id)
        """;

    /// <summary>Marks the events of <paramref name="batch"/> that were deleted with their issue, and makes the issues that are missing.</summary>
    /// <param name="connection">In a transaction that holds the issues' locks.</param>
    /// <param name="batch">The events.</param>
    /// <param name="writtenTo">The issue that each one's hash led to when it was written.</param>
    /// <param name="issues">The issues of the hashes as they are now; those that are made are added.</param>
    /// <param name="lockedProjects">Projects in which issues may be made.</param>
    /// <param name="now">When the batch is counted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IssueVanishedException">The project of a stray event is not locked.</exception>
    public static async Task SettleAsync(
        NpgsqlConnection connection, EventBatch batch, IReadOnlyList<Guid> writtenTo, Dictionary<FingerprintKey, KnownIssue> issues,
        IReadOnlySet<long> lockedProjects, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var strays = batch.StoredPositions.Where(i => !issues.TryGetValue(HashOf(i), out var issue) || issue.Id != writtenTo[i]).ToList();
        if (strays.Count == 0)
            return;

        if (!strays.TrueForAll(i => lockedProjects.Contains(batch.Events[i].ProjectId)))
            throw new IssueVanishedException();

        var kept = strays.Where(batch.IsKept).ToList();
        var there = await FindAsync(connection, kept.ConvertAll(i => batch.Events[i]), cancellationToken);
        foreach (var ofHash in strays.GroupBy(HashOf))
        {
            // None of those that had a row has it still: they were deleted with their issue, and nothing is left to be counted there.
            if (ofHash.Any(batch.IsKept) && !ofHash.Any(i => there.Contains(batch.Events[i].Id)))
            {
                foreach (var position in ofHash)
                    batch.MarkGone(position);
            }
        }

        await IssueRows.CreateMissingAsync(connection, batch, issues, lockedProjects, now, cancellationToken);

        FingerprintKey HashOf(int position) => FingerprintKey.Of(batch.Events[position]);
    }

    private static async Task<HashSet<Guid>> FindAsync(
        NpgsqlConnection connection, List<Ingest.ProcessedEvent> events, CancellationToken cancellationToken)
    {
        await using var find = connection.Command(
            FindRows, Column(events, e => e.ProjectId), Column(events, e => e.ReceivedAt.UtcDateTime), Column(events, e => e.Id));
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetGuid(0));

        return found;
    }
}
