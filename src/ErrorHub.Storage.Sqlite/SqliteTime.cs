namespace ErrorHub.Storage.Sqlite;

/// <summary>Times as SQLite stores them: microseconds since 1970, UTC, the resolution PostgreSQL has too.</summary>
internal static class SqliteTime
{
    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
