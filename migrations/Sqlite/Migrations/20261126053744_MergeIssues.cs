using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MergeIssues : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "other_number",
                table: "issue_transitions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "merged_from",
                table: "issue_fingerprints",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "issue_redirects",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    issue_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    target_id = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_issue_redirects", x => new { x.project_id, x.issue_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_issue_redirects_project_id_number",
                table: "issue_redirects",
                columns: new[] { "project_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_issue_redirects_project_id_target_id",
                table: "issue_redirects",
                columns: new[] { "project_id", "target_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "issue_redirects");

            migrationBuilder.DropColumn(
                name: "other_number",
                table: "issue_transitions");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "issue_fingerprints");
        }
    }
}
