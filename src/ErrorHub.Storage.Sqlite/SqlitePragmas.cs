using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ErrorHub.Storage.Sqlite;

/// <summary>The settings every connection to the file needs, EF's and the writer's alike.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    // page_size and auto_vacuum take effect only before the first table and cost nothing later. Pages of 8 KiB hold a usual
    // compressed body (3 KB) without overflow pages. synchronous stays FULL: an answered event survives a power cut, and with
    // one commit per batch it costs next to nothing (performance.md 2.3). WAL is checkpointed every 4,000 pages (32 MB). A writer
    // waits up to 5 s for the one before it; use cases hold the lock for milliseconds. What is deleted or written over becomes zeros
    // (secure_delete), so that scrubbed text is not left in free pages: 2.4 s for 40,000 events with it and without.
    private const string OnOpen = """
        PRAGMA busy_timeout = 5000;
        PRAGMA page_size = 8192;
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA secure_delete = ON;
        """;

    // 32 MiB instead of 2: what a batch touches is spread over the keys and rollups of all issues. Pages that do not fit are
    // read again for the next batch, and dirty ones are written twice.
    private const string ForWriter = "PRAGMA cache_size = -32768";

    /// <summary>Sets them on an open connection of the event writer, of which there is one.</summary>
    public static void ApplyForWriter(DbConnection connection)
    {
        Apply(connection);
        Run(connection, ForWriter);
    }

    /// <summary>Sets them on an open connection.</summary>
    public static void Apply(DbConnection connection) => Run(connection, OnOpen);

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has no asynchronous calls.
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Run(DbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
