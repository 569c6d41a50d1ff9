using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Releases;
using ErrorHub.SourceMaps;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>What pipelines say of releases, and what they upload.</summary>
public abstract class ReleaseTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private ArtifactFiles Files => new(Database.DataDirectory);

    [Fact]
    public async Task GetRelease_KnownFromEventsAndFromItsPipeline_IsOne()
    {
        var (one, two) = ((await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id);
        var version = $"shop@{one}";
        await WriteAsync(TestEvents.Of(one, "Fault", Now.AddHours(-1)) with { Release = version });
        await SendAsync(new SaveRelease(MemberOf(one, two), version, [two], "https://ci.example/1", Now, [Commit("b"), Commit("a")]));
        await SendAsync(new SaveRelease(MemberOf(one, two), version, [], null, null, [Commit("c")]));

        var release = (await SendAsync(new GetRelease(MemberOf(one, two), version)))!;

        Assert.Equal((Now.AddHours(-1), (DateTimeOffset?)Now.AddHours(-1), (DateTimeOffset?)Now), (release.CreatedAt, release.LastEvent, release.ReleasedAt));
        Assert.Equal(("https://ci.example/1", "c", 1), (release.Url, release.LastCommit, release.Commits));
        Assert.Equal([one, two], release.Projects.Select(p => p.Id).Order());
        Assert.Equal([version], (await SendAsync(new ListReleases(MemberOf(two), two)))!.Select(r => r.Version));
    }

    [Fact]
    public async Task Releases_OfAProjectTheCallerDoesNotSee_AreNotThere()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var version = $"secret@{project}";
        await SendAsync(new SaveRelease(AccessScope.System, version, [project], null, null, null));
        var other = MemberOf((await Database.NewProjectAsync()).Id);

        Assert.Null(await SendAsync(new GetRelease(other, version)));
        Assert.Null(await SendAsync(new ListReleases(other, project)));
        Assert.Null(await SendAsync(new ListDeploys(other, version)));
        Assert.Equal(Refusal.NotFound, (await SendAsync(new SaveRelease(other, version, [], null, Now, null))).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new SaveRelease(other, version, [project], null, Now, null))).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new AddDeploy(other, version, "production", null, null, null, null))).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new AssembleBundle(other, [project], new string('a', 40), [], "", ""))).Refusal);
    }

    [Fact]
    public async Task ExpireArtifacts_OldDeletedOrStray_Go()
    {
        var (project, doomed) = ((await Database.NewProjectAsync(retentionDays: 30)).Id, await Database.NewProjectAsync());
        var kept = await UploadAsync(project, "kept");
        await UploadAsync(doomed.Id, "deleted");
        await using (var db = Database.NewContext())
        {
            db.Add(new ArtifactBundle
            {
                ProjectId = project,
                Id = Guid.CreateVersion7(Now.AddDays(-31)),
                Checksum = new string('b', 40),
                Version = "",
                Dist = "",
                Bytes = 1,
                CreatedAt = Now.AddDays(-31),
            });
            await db.SaveChangesAsync(Cancellation);
        }

        var chunk = ArtifactFiles.ChecksumOf("stray"u8);
        Files.AddChunk("stray"u8);
        Files.Assemble(project, Guid.CreateVersion7(Now.AddHours(-2)), [chunk], chunk);
        await SendAsync(new DeleteProject(AccessScope.System, doomed.Slug));

        await SendAsync(new ExpireArtifacts());

        await using var after = Database.NewContext();
        Assert.Equal(kept, (await after.ArtifactBundles.SingleAsync(b => b.ProjectId == project, Cancellation)).Checksum);
        Assert.False(await after.ArtifactBundles.AnyAsync(b => b.ProjectId == doomed.Id, Cancellation));
        Assert.Single(Files.Bundles(), f => f.ProjectId == project);
    }

    private async Task<string> UploadAsync(long project, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Files.AddChunk(bytes);
        var checksum = ArtifactFiles.ChecksumOf(bytes);
        Assert.Equal("ok", (await SendAsync(new AssembleBundle(MemberOf(project), [project], checksum, [checksum], "shop@1.0", ""))).Value!.State);
        return checksum;
    }

    private static CommitText Commit(string id) => new(id, "message", "Ada", "ada@example.com", "origin", null);
}

public sealed class SqliteReleaseTests(SqliteTestDatabase database) : ReleaseTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlReleaseTests(PostgreSqlTestDatabase database) : ReleaseTests<PostgreSqlTestDatabase>(database);
