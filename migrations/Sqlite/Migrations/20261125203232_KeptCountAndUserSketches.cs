using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class KeptCountAndUserSketches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "kept_count",
                table: "issues",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // All events so far were kept.
            migrationBuilder.Sql("UPDATE issues SET kept_count = event_count;");

            migrationBuilder.CreateTable(
                name: "issue_user_sketches",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    issue_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    sketch = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_issue_user_sketches", x => new { x.project_id, x.issue_id });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "issue_user_sketches");

            migrationBuilder.DropColumn(
                name: "kept_count",
                table: "issues");
        }
    }
}
