using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ErrorHub.Benchmarks.Servers;

internal sealed class SqliteBenchDatabase : BenchDatabase
{
    // The name that ErrorHub gives it.
    private string File => Path.Combine(DataDirectory, "errorhub.db");

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public override string RawConnection => $"Data Source={File}";

    public override long Size() =>
        Number("PRAGMA wal_checkpoint(TRUNCATE)", "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size");

    protected override DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
