using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RescrubRuns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "rescrub_runs",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    policy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_by = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    from = table.Column<long>(type: "INTEGER", nullable: false),
                    phase = table.Column<short>(type: "INTEGER", nullable: false),
                    cursor_at = table.Column<long>(type: "INTEGER", nullable: false),
                    cursor_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    events_seen = table.Column<long>(type: "INTEGER", nullable: false),
                    events_changed = table.Column<long>(type: "INTEGER", nullable: false),
                    events_unreadable = table.Column<long>(type: "INTEGER", nullable: false),
                    issues_changed = table.Column<long>(type: "INTEGER", nullable: false),
                    lease_holder = table.Column<byte[]>(type: "BLOB", nullable: false),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rescrub_runs", x => new { x.project_id, x.id });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rescrub_runs");
        }
    }
}
