using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddUserFeedback : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "user_feedback",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    feedback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    event_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    name = table.Column<string>(type: "TEXT", maxLength: 128, nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    comments = table.Column<string>(type: "TEXT", maxLength: 4096, nullable: false),
                    url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    retention_days = table.Column<short>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_feedback", x => new { x.project_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_user_feedback_project_id_event_id",
                table: "user_feedback",
                columns: new[] { "project_id", "event_id" });

            migrationBuilder.CreateIndex(
                name: "ix_user_feedback_project_id_feedback_id",
                table: "user_feedback",
                columns: new[] { "project_id", "feedback_id" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "user_feedback");
        }
    }
}
