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

    /// <summary>A <c>uuid</c> of PostgreSQL, or the 16 bytes in SQLite, which its provider would read in another order.</summary>
    public static Guid ReadGuid(this DbDataReader row, int column) =>
        row.GetValue(column) is byte[] bytes ? new Guid(bytes, bigEndian: true) : row.GetGuid(column);

    public static async Task<long> CountAsync(this DbConnection db, string table, CancellationToken cancellationToken) =>
        (await db.ReadAsync($"SELECT COUNT(*) FROM {table}", r => r.GetInt64(0), cancellationToken))[0];
}
