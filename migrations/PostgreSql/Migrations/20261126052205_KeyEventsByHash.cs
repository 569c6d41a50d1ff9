using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class KeyEventsByHash : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_events_project_id_issue_id_received_at_id",
                table: "events");

            // Until now an issue has one hash. An event whose issue is gone keeps 16 bytes that lead nowhere.
            migrationBuilder.Sql("""
                ALTER TABLE events ADD COLUMN hash bytea;
                UPDATE events e SET hash = coalesce(
                    (SELECT f.hash FROM issue_fingerprints f WHERE f.project_id = e.project_id AND f.issue_id = e.issue_id),
                    uuid_send(e.issue_id));
                ALTER TABLE events ALTER COLUMN hash SET NOT NULL;
                ALTER TABLE events DROP COLUMN issue_id;
                """);

            migrationBuilder.CreateIndex(
                name: "ix_events_project_id_hash_received_at_id",
                table: "events",
                columns: new[] { "project_id", "hash", "received_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_events_project_id_hash_received_at_id",
                table: "events");

            migrationBuilder.Sql("""
                ALTER TABLE events ADD COLUMN issue_id uuid;
                UPDATE events e SET issue_id = coalesce(
                    (SELECT f.issue_id FROM issue_fingerprints f WHERE f.project_id = e.project_id AND f.hash = e.hash),
                    encode(e.hash, 'hex')::uuid);
                ALTER TABLE events ALTER COLUMN issue_id SET NOT NULL;
                ALTER TABLE events DROP COLUMN hash;
                """);

            migrationBuilder.CreateIndex(
                name: "ix_events_project_id_issue_id_received_at_id",
                table: "events",
                columns: new[] { "project_id", "issue_id", "received_at", "id" });
        }
    }
}
