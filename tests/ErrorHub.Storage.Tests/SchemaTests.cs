using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.RateLimiting;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ErrorHub.Storage.Tests;

/// <summary>The rules that keep the data ready to be sharded (performance.md 3.5), on the model of each provider.</summary>
public abstract class SchemaTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>
    where TDatabase : TestDatabase
{
    // Everything else is a project's data: a new table falls under the rules unless it is named here.
    private static readonly HashSet<Type> ControlPlane =
    [
        typeof(User), typeof(IdentityUserClaim<Guid>), typeof(IdentityUserLogin<Guid>), typeof(IdentityUserToken<Guid>),
        typeof(ApiToken), typeof(OneTimeLink), typeof(DataProtectionKey), typeof(ActivityRecord),
        typeof(Project), typeof(ProjectKey), typeof(ProjectMember), typeof(LimitUseRow),
    ];

    protected TDatabase Database => database;

    [Fact]
    public void Model_ProjectData_EveryKeyAndIndexStartsWithTheProject()
    {
        using var db = database.NewContext();

        var wrong =
            from entity in ProjectData(db)
            from columns in entity.GetKeys().Select(k => k.Properties).Concat(entity.GetIndexes().Select(i => i.Properties))
            where columns[0].Name != "ProjectId"
            select $"{entity.GetTableName()} ({string.Join(", ", columns.Select(c => c.GetColumnName()))})";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Model_ProjectData_TakesNoIdFromTheDatabase()
    {
        using var db = database.NewContext();

        var generated = ProjectData(db).SelectMany(e => e.GetProperties()).Where(p => p.GetDefaultValueSql() is not null
            || (p.ClrType != typeof(Guid) && p.ValueGenerated != ValueGenerated.Never));
        Assert.Empty(generated);
    }

    [Fact]
    public void Model_ForeignKeys_ConnectNoProjectData()
    {
        using var db = database.NewContext();

        var crossing = db.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys())
            .Where(f => !ControlPlane.Contains(f.DeclaringEntityType.ClrType) || !ControlPlane.Contains(f.PrincipalEntityType.ClrType));
        Assert.Empty(crossing);
    }

    [Fact]
    public void Migrations_Model_AreUpToDate()
    {
        using var db = database.NewContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    private static IEnumerable<IEntityType> ProjectData(ErrorHubDbContext db) =>
        db.GetService<IDesignTimeModel>().Model.GetEntityTypes().Where(e => !ControlPlane.Contains(e.ClrType));
}

public sealed class SqliteSchemaTests(SqliteTestDatabase database) : SchemaTests<SqliteTestDatabase>(database)
{
    [Fact]
    public async Task Migrations_NarrowTables_HaveNoRowId()
    {
        await Database.MigratedAsync();
        await using var db = Database.NewContext();

        var tables = await db.Database.SqlQueryRaw<string>("SELECT name AS \"Value\" FROM pragma_table_list WHERE wr = 1 AND name NOT LIKE 'sqlite%'")
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["call_path_splits", "event_keys", "issue_fingerprints", "issue_hours", "issue_tags", "issue_users", "outcome_hours", "removal_days", "removal_paths", "session_hours", "session_states"], tables.Order());
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("auto_vacuum", "2")]
    [InlineData("page_size", "8192")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("foreign_keys", "1")]
    public async Task Connection_Opened_HasTheSetting(string pragma, string expected)
    {
        await Database.MigratedAsync();

        Assert.Equal(expected, await Database.ScalarAsync<string>(
            pragma == "busy_timeout"
                ? "SELECT CAST(timeout AS TEXT) AS \"Value\" FROM pragma_busy_timeout"
                : $"SELECT CAST({pragma} AS TEXT) AS \"Value\" FROM pragma_{pragma}"));
    }
}

public sealed class PostgreSqlSchemaTests(PostgreSqlTestDatabase database) : SchemaTests<PostgreSqlTestDatabase>(database)
{
    [Fact]
    public async Task Migrations_Columns_AreThoseOfTheModel()
    {
        await Database.MigratedAsync();
        await using var db = Database.NewContext();
        var model = db.GetService<IDesignTimeModel>().Model.GetEntityTypes().SelectMany(
            e => e.GetProperties(),
            (e, p) => $"{e.GetTableName()}.{p.GetColumnName()} {p.GetColumnType()}{(p.IsNullable ? "" : " not null")}");

        var columns = await db.Database.SqlQueryRaw<string>("""
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS "Value"
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
                -- The second is known to the writer's SQL alone (decision 5).
                AND c.relname NOT IN ('__EFMigrationsHistory', 'count_journal')
            """).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(model.Order(StringComparer.Ordinal), columns.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Migrations_EventBodies_AreNotCompressedAgain()
    {
        await Database.MigratedAsync();

        Assert.Equal("e", await Database.ScalarAsync<string>("""
            SELECT DISTINCT attstorage::text AS "Value" FROM pg_attribute WHERE attname = 'body' AND attrelid::regclass::text LIKE 'events%'
            """));
    }

    [Fact]
    public async Task Migrations_UpdatedTables_KeepRoomInTheirPages()
    {
        await Database.MigratedAsync();

        Assert.Equal(7, await Database.ScalarAsync<int>("""
            SELECT count(*)::int AS "Value" FROM pg_class WHERE 'fillfactor=70' = ANY(reloptions)
            """));
    }
}
