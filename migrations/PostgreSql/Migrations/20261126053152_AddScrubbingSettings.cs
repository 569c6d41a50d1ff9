using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class AddScrubbingSettings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "scrubbing",
                table: "projects",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "scrubbing",
                table: "projects");
        }
    }
}
