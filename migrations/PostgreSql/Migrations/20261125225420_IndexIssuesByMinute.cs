using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class IndexIssuesByMinute : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_issues_project_id_last_seen_id",
                table: "issues");

            migrationBuilder.AddColumn<int>(
                name: "last_seen_minute",
                table: "issues",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.Sql("UPDATE issues SET last_seen_minute = floor(extract(epoch FROM last_seen) / 60)");

            migrationBuilder.CreateIndex(
                name: "ix_issues_project_id_last_seen_minute",
                table: "issues",
                columns: new[] { "project_id", "last_seen_minute" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_issues_project_id_last_seen_minute",
                table: "issues");

            migrationBuilder.DropColumn(
                name: "last_seen_minute",
                table: "issues");

            migrationBuilder.CreateIndex(
                name: "ix_issues_project_id_last_seen_id",
                table: "issues",
                columns: new[] { "project_id", "last_seen", "id" });
        }
    }
}
