using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class NarrowEventsIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_events_project_id_hash_received_at_id",
                table: "events");

            migrationBuilder.CreateIndex(
                name: "ix_events_project_id_hash_received_at",
                table: "events",
                columns: new[] { "project_id", "hash", "received_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_events_project_id_hash_received_at",
                table: "events");

            migrationBuilder.CreateIndex(
                name: "ix_events_project_id_hash_received_at_id",
                table: "events",
                columns: new[] { "project_id", "hash", "received_at", "id" });
        }
    }
}
