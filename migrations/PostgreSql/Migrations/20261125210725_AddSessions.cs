using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class AddSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "session_hours",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "bigint", nullable: false),
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    release = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    environment = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false),
                    exited = table.Column<long>(type: "bigint", nullable: false),
                    errored = table.Column<long>(type: "bigint", nullable: false),
                    abnormal = table.Column<long>(type: "bigint", nullable: false),
                    unhandled = table.Column<long>(type: "bigint", nullable: false),
                    crashed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_hours", x => new { x.project_id, x.hour, x.release, x.environment });
                });

            migrationBuilder.CreateTable(
                name: "session_states",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "bigint", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    release = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    environment = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    status = table.Column<short>(type: "smallint", nullable: false),
                    is_over = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_states", x => new { x.project_id, x.session_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_session_states_project_id_hour",
                table: "session_states",
                columns: new[] { "project_id", "hour" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "session_hours");

            migrationBuilder.DropTable(
                name: "session_states");
        }
    }
}
