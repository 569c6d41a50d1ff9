using ErrorHub.Stats;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>The users of issues with very many. The issue's row is locked, so nobody else changes its sketch meanwhile.</summary>
internal static class IssueUserSketches
{
    private const string Find = "SELECT sketch FROM issue_user_sketches WHERE project_id = $1 AND issue_id = $2";

    private const string ListUsers = "SELECT user_hash FROM issue_users WHERE project_id = $1 AND issue_id = $2";

    private const string Put = """
        INSERT INTO issue_user_sketches (project_id, issue_id, sketch) VALUES ($1, $2, $3)
        ON CONFLICT (project_id, issue_id) DO UPDATE SET sketch = EXCLUDED.sketch
        """;

    /// <summary>Adds users to an issue's sketch.</summary>
    /// <returns>How many more it has now.</returns>
    public static async Task<long> AddAsync(
        NpgsqlConnection connection, KnownIssue issue, IEnumerable<byte[]> userHashes, CancellationToken cancellationToken)
    {
        var sketch = await FindAsync(connection, issue, cancellationToken);
        foreach (var hash in userHashes)
            sketch.Add(hash);

        await using var put = connection.Command(Put, Value(issue.ProjectId), Value(issue.Id), Value(sketch.Bytes));
        await put.ExecuteNonQueryAsync(cancellationToken);
        return Math.Max(0, sketch.Count() - issue.UserCount);
    }

    // The first time it is made of the rows there are.
    private static async Task<UserSketch> FindAsync(NpgsqlConnection connection, KnownIssue issue, CancellationToken cancellationToken)
    {
        await using (var find = connection.Command(Find, Value(issue.ProjectId), Value(issue.Id)))
        {
            if (await find.ExecuteScalarAsync(cancellationToken) is byte[] bytes)
                return UserSketch.Of(bytes);
        }

        var sketch = new UserSketch();
        await using var list = connection.Command(ListUsers, Value(issue.ProjectId), Value(issue.Id));
        await using var users = await list.ExecuteReaderAsync(cancellationToken);
        while (await users.ReadAsync(cancellationToken))
            sketch.Add(users.GetFieldValue<byte[]>(0));

        return sketch;
    }
}
