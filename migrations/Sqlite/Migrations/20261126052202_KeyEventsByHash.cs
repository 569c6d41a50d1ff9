using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
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

            // Until now an issue has one hash. An event whose issue is gone keeps 16 bytes that lead nowhere. Renamed, since a new column
            // would come after the body, and reading it would mean reading the body.
            migrationBuilder.Sql("""
                ALTER TABLE events RENAME COLUMN issue_id TO hash;
                UPDATE events SET hash = coalesce(
                    (SELECT f.hash FROM issue_fingerprints f WHERE f.project_id = events.project_id AND f.issue_id = events.hash), hash);
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
                ALTER TABLE events RENAME COLUMN hash TO issue_id;
                UPDATE events SET issue_id = coalesce(
                    (SELECT f.issue_id FROM issue_fingerprints f WHERE f.project_id = events.project_id AND f.hash = events.issue_id), issue_id);
                """);

            migrationBuilder.CreateIndex(
                name: "ix_events_project_id_issue_id_received_at_id",
                table: "events",
                columns: new[] { "project_id", "issue_id", "received_at", "id" });
        }
    }
}
