using ErrorHub.Accounts;
using ErrorHub.Feedback;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

public sealed class SqliteRescrubTests(SqliteTestDatabase database) : RescrubTests<SqliteTestDatabase>(database)
{
    [Fact]
    public async Task ContinueRescrubs_Done_LeavesNothingInTheFiles()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Enumerable.Range(0, 300).Select(i => Event(project.Id, $"PAT-{500000 + i}", Now.AddMinutes(-i), fault: $"Bed{i % 7}", ward: $"nightingale-{i}")));
        await SendAsync(new AddFeedback(project.Id, SentryId.NewId(), new UserReport { Comments = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"PAT-{600000 + i}")) }, Now, 90));
        List<byte[]> bodies;
        await using (var db = Database.NewContext())
            bodies = await db.Events.Where(e => e.ProjectId == project.Id).Select(e => e.Body).ToListAsync(Cancellation);

        Assert.NotEqual((0, 0), Count(bodies));

        await TightenAsync(project);
        await RescrubAsync(project);

        Assert.Equal((0, 0), Count(bodies));
    }

    // Texts and compressed bodies in the bytes of the database and its log.
    private (int Texts, int Bodies) Count(List<byte[]> bodies)
    {
        var files = Directory.EnumerateFiles(Path.GetDirectoryName(new SqliteConnectionStringBuilder(Database.ConnectionString).DataSource)!).Select(ReadShared).ToList();
        return (
            files.Sum(f => f.AsSpan().Count("PAT-5"u8) + f.AsSpan().Count("PAT-6"u8) + f.AsSpan().Count("nightingale"u8)),
            bodies.Count(b => files.Exists(f => f.AsSpan().IndexOf(b.AsSpan()[^40..]) >= 0)));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}

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
