using Microsoft.EntityFrameworkCore.Migrations;

namespace ErrorHub.Migrations.PostgreSql;

/// <summary>What EF's model cannot say about PostgreSQL. The initial migration calls these; see migrations/README.md.</summary>
internal static class PhysicalLayout
{
    /// <summary>
    /// The events table, in place of the generated one: partitioned by retention class, then by day, so that retention is the
    /// drop of a table, which removes exactly one class (performance.md 2.2, 3.5 rule 10). Maintenance makes the partitions.
    /// </summary>
    public static void CreateEvents(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE TABLE events (
                project_id bigint NOT NULL,
                received_at timestamp with time zone NOT NULL,
                id uuid NOT NULL,
                retention_days smallint NOT NULL,
                event_id uuid NOT NULL,
                issue_id uuid NOT NULL,
                timestamp timestamp with time zone NOT NULL,
                level smallint NOT NULL,
                platform character varying(64) NOT NULL,
                title character varying(512) NOT NULL,
                environment character varying(64) NOT NULL,
                release character varying(200) NOT NULL,
                user_hash bytea,
                trace_id character varying(32),
                codec smallint NOT NULL,
                body bytea NOT NULL,
                body_bytes integer NOT NULL,
                CONSTRAINT pk_events PRIMARY KEY (project_id, received_at, id, retention_days)
            ) PARTITION BY LIST (retention_days);
            """);

        // The body is a zstd frame already: TOAST must not spend time on compressing it again.
        migrationBuilder.Sql("ALTER TABLE events ALTER COLUMN body SET STORAGE EXTERNAL;");
    }

    /// <summary>Free space for updates in place, and indexes for expiry that cost the writer next to nothing.</summary>
    public static void TuneTables(MigrationBuilder migrationBuilder)
    {
        // Each batch updates a few rows of these over and over: room in the page keeps the new version beside the old (HOT).
        migrationBuilder.Sql("""
            ALTER TABLE issues SET (fillfactor = 70);
            ALTER TABLE issue_tags SET (fillfactor = 70);
            ALTER TABLE issue_hours SET (fillfactor = 70);
            ALTER TABLE outcome_hours SET (fillfactor = 70);
            ALTER TABLE releases SET (fillfactor = 70);
            ALTER TABLE environments SET (fillfactor = 70);
            """);

        // Rows arrive in the order of these columns, so a few BRIN pages find a day's rows. A B-tree would be a second key
        // as large as the first.
        migrationBuilder.Sql("""
            CREATE INDEX ix_event_keys_received_at ON event_keys USING brin (received_at) WITH (autosummarize = on);
            CREATE INDEX ix_issue_hours_hour ON issue_hours USING brin (hour) WITH (autosummarize = on);
            """);
    }

    /// <summary>As the other tables of which each batch updates a few rows.</summary>
    public static void TuneRemovalDays(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE removal_days SET (fillfactor = 70);");

    /// <summary>What batches leave to be counted. Not in the model: only the writer's SQL knows it, and SQLite has none.</summary>
    public static void CreateCountJournal(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE TABLE count_journal (
                number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                note bytea NOT NULL,
                stored uuid[] NOT NULL,
                refused text
            );
            """);

        // Every row is deleted within a second. The note is a zstd frame already.
        migrationBuilder.Sql("""
            ALTER TABLE count_journal ALTER COLUMN note SET STORAGE EXTERNAL;
            ALTER TABLE count_journal SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
            """);
    }
}
