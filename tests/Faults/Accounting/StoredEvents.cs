using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ErrorHub.EndToEnd.Tests.Hosting;
using Microsoft.Data.Sqlite;
using ZstdSharp;

namespace ErrorHub.Faults.Accounting;

/// <summary>Reads what ErrorHub stored of a project, past ErrorHub: rows, dead letters, and counts that must agree with the rows.</summary>
internal sealed class StoredEvents(DbConnection db, long project, CancellationToken cancellationToken)
{
    /// <summary>Each stored event, and the hash of its note as stored; an empty one when its own tag disagrees.</summary>
    public Task<IReadOnlyList<(Guid Id, string Sum)>> EventsAsync() => db.ReadAsync(
        $"SELECT event_id, codec, body, body_bytes FROM events WHERE project_id = {project}",
        r => (r.ReadGuid(0), SumOf((byte[])r.GetValue(2), r.GetInt16(1), r.GetInt32(3))), cancellationToken);

    /// <summary>Batches that are stored and not counted yet.</summary>
    public async Task<long> UncountedAsync() => db is SqliteConnection
        ? 0
        : (await db.ReadAsync("SELECT COUNT(*) FROM count_journal", r => Number(r.GetValue(0)), cancellationToken)).Single();

    /// <summary>Ids of the events that the database refused.</summary>
    public Task<IReadOnlyList<Guid>> DeadLettersAsync() =>
        db.ReadAsync($"SELECT event_id FROM dead_letters WHERE project_id = {project}", r => r.ReadGuid(0), cancellationToken);

    /// <summary>Events by outcome and reason; what comes beside them and client reports are left out.</summary>
    public async Task<IReadOnlyDictionary<(int Outcome, string Reason), long>> OutcomesAsync() => (await db.ReadAsync(
        $"SELECT outcome, reason, SUM(quantity) FROM outcome_hours WHERE project_id = {project} AND outcome <> 5 AND category IN ('error', 'default') GROUP BY outcome, reason",
        r => ((int)r.GetInt16(0), r.GetString(1), Number(r.GetValue(2))), cancellationToken)).ToDictionary(r => (r.Item1, r.Item2), r => r.Item3);

    /// <summary>Every count that is not what a recount of the rows gives (I6, I7).</summary>
    public async Task<IEnumerable<string>> WrongCountsAsync()
    {
        var hour = db is SqliteConnection ? "received_at - received_at % 3600000000" : "date_trunc('hour', received_at, 'UTC')";
        var events = $"events e JOIN issue_fingerprints f ON f.project_id = e.project_id AND f.hash = e.hash WHERE e.project_id = {project}";
        var wrong = new List<string>();
        await CompareAsync("events of an issue",
            $"SELECT issue_id, COUNT(*) FROM {events} GROUP BY issue_id",
            $"SELECT id, event_count FROM issues WHERE project_id = {project}");
        await CompareAsync("users of an issue",
            $"SELECT issue_id, COUNT(DISTINCT user_hash) FROM {events} GROUP BY issue_id",
            $"SELECT id, user_count FROM issues WHERE project_id = {project}");
        await CompareAsync("events of an hour",
            $"SELECT issue_id, {hour}, environment, release, COUNT(*) FROM {events} GROUP BY 1, 2, 3, 4",
            $"SELECT issue_id, hour, environment, release, events FROM issue_hours WHERE project_id = {project}");
        await CompareAsync("events of a release tag",
            $"SELECT issue_id, release, COUNT(*) FROM {events} AND release <> '' GROUP BY 1, 2",
            $"SELECT issue_id, value, events FROM issue_tags WHERE project_id = {project} AND key = 'release'");
        await CompareAsync("keys of events",
            $"SELECT event_id, COUNT(*) FROM events WHERE project_id = {project} GROUP BY event_id",
            $"SELECT event_id, COUNT(*) FROM event_keys WHERE project_id = {project} GROUP BY event_id");
        return wrong;

        async Task CompareAsync(string what, string recount, string counted)
        {
            var (rows, counts) = (await RowsAsync(recount), await RowsAsync(counted));
            if (rows.Except(counts).FirstOrDefault() is { } missing)
                wrong.Add($"{what}: {missing} by recount, not so counted");
            if (counts.Except(rows).FirstOrDefault() is { } extra)
                wrong.Add($"{what}: {extra} is counted, not so by recount");
        }
    }

    /// <summary>What the database's own check of its files finds.</summary>
    public async Task<IEnumerable<string>> DamageAsync()
    {
        if (db is not SqliteConnection)
            return await PostgreSqlCheck.RunAsync(db.ConnectionString, cancellationToken);

        var answers = await db.ReadAsync("PRAGMA integrity_check", r => r.GetString(0), cancellationToken);
        return answers is ["ok"] ? [] : answers.Select(a => $"integrity_check: {a}");
    }

    private async Task<HashSet<string>> RowsAsync(string sql) => [.. await db.ReadAsync(sql, Text, cancellationToken)];

    private static string Text(DbDataReader row) => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => row.GetValue(i) switch
    {
        byte[] bytes => Convert.ToHexStringLower(bytes),
        DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    }));

    private static long Number(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static string SumOf(byte[] body, short codec, int bodyBytes)
    {
        using var decompressor = new Decompressor();
        decompressor.LoadDictionary(BodyDictionary.Bytes);
        var json = codec == 0 ? body : decompressor.Unwrap(body, bodyBytes).ToArray();
        using var e = JsonDocument.Parse(json);
        if (!e.RootElement.TryGetProperty("extra", out var extra) || !extra.TryGetProperty("note", out var note))
            return "";

        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(note.GetString()!)));
        return e.RootElement.GetProperty("tags").EnumerateArray().Any(t => t[0].GetString() == "sum" && t[1].GetString() == sum) ? sum : "";
    }
}
