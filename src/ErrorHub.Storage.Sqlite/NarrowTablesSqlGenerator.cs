using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace ErrorHub.Storage.Sqlite;

/// <summary>
/// Creates the narrow tables WITHOUT ROWID: their key is nearly the whole row, so a rowid table would store it twice and
/// write two trees for each row. Done here and not in a migration, so that a table EF rebuilds keeps it.
/// </summary>
internal sealed class NarrowTablesSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    private static readonly HashSet<string> Narrow =
        ["event_keys", "issue_users", "issue_tags", "issue_hours", "outcome_hours", "issue_fingerprints", "session_hours",
            "session_states", "call_path_splits", "removal_days", "removal_paths"];

    protected override void Generate(
        CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        // EF rebuilds a table by creating ef_temp_<name> and renaming it.
        if (!Narrow.Contains(operation.Name.Replace("ef_temp_", "", StringComparison.Ordinal)))
        {
            base.Generate(operation, model, builder, terminate);
            return;
        }

        base.Generate(operation, model, builder, terminate: false);
        builder.Append(" WITHOUT ROWID");
        if (terminate)
        {
            builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
            EndStatement(builder);
        }
    }
}
