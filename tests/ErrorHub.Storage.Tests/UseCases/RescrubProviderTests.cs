using ErrorHub.Accounts;
using ErrorHub.Privacy;

namespace ErrorHub.Storage.Tests.UseCases;

public sealed class SqliteRescrubTests(SqliteTestDatabase database) : RescrubTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlRescrubTests(PostgreSqlTestDatabase database) : RescrubTests<PostgreSqlTestDatabase>(database)
{
    [Fact]
    public async Task ContinueRescrubs_NoteOfAProcessThatDied_IsWaitedFor()
    {
        var project = await Database.NewProjectAsync();
        var (writer, journal) = Database.NewJournalledWriter();
        await writer.WriteAsync([Event(project.Id, "nobody", Now, ward: null)], [], Cancellation);
        await writer.WriteAsync([Event(project.Id, "nobody", Now)], [], Cancellation);
        await TightenAsync(project);
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        Database.Time.Advance(RescrubRun.Wait);

        await SendAsync(new ContinueRescrubs());
        Assert.Equal((RescrubPhase.Issues, 2), await StateAsync(project));

        await journal.FoldAsync(Cancellation);
        Assert.Contains("ward=w1", await TextOfAsync(project.Id), StringComparison.Ordinal);
        await SendAsync(new ContinueRescrubs());
        Assert.DoesNotContain("ward=w1", await TextOfAsync(project.Id), StringComparison.Ordinal);
        Assert.Equal((RescrubPhase.Done, 2), await StateAsync(project));
    }
}
