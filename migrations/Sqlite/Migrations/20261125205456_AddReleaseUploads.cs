using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ErrorHub.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddReleaseUploads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "artifact_bundles",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    checksum = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    dist = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artifact_bundles", x => new { x.project_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "release_commits",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    commit_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    message = table.Column<string>(type: "TEXT", maxLength: 4096, nullable: false),
                    author_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    author_email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    repository = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_commits", x => new { x.project_id, x.version, x.position });
                });

            migrationBuilder.CreateTable(
                name: "release_deploys",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    version = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    environment = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_deploys", x => new { x.project_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "release_details",
                columns: table => new
                {
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    released_at = table.Column<long>(type: "INTEGER", nullable: true),
                    url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_release_details", x => new { x.project_id, x.version });
                });

            migrationBuilder.CreateIndex(
                name: "ix_artifact_bundles_project_id_checksum_version_dist",
                table: "artifact_bundles",
                columns: new[] { "project_id", "checksum", "version", "dist" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_release_deploys_project_id_version",
                table: "release_deploys",
                columns: new[] { "project_id", "version" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "artifact_bundles");

            migrationBuilder.DropTable(
                name: "release_commits");

            migrationBuilder.DropTable(
                name: "release_deploys");

            migrationBuilder.DropTable(
                name: "release_details");
        }
    }
}
