using System.Data.Common;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>Reads rows with SQL that both databases understand.</summary>
internal static class Rows
{
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        this DbConnection db, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    public static async Task<long> CountAsync(this DbConnection db, string table, CancellationToken cancellationToken) =>
        (await db.ReadAsync($"SELECT COUNT(*) FROM {table}", r => r.GetInt64(0), cancellationToken))[0];
}
