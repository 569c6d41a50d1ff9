using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
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
                    project_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    policy = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase = table.Column<short>(type: "smallint", nullable: false),
                    cursor_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cursor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    events_seen = table.Column<long>(type: "bigint", nullable: false),
                    events_changed = table.Column<long>(type: "bigint", nullable: false),
                    events_unreadable = table.Column<long>(type: "bigint", nullable: false),
                    issues_changed = table.Column<long>(type: "bigint", nullable: false),
                    lease_holder = table.Column<Guid>(type: "uuid", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
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
