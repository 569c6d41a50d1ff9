using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>How old what the edge knows of a key may be.</summary>
public sealed class ProjectDirectoryTests(SqliteTestDatabase database) : UseCaseTests<SqliteTestDatabase>(database)
{
    [Fact]
    public async Task FindAsync_AfterAnHourWithoutSenders_KnowsTheRulesOfNowFromASlowDatabase()
    {
        var project = await Database.NewProjectAsync();
        var key = ProjectKey.NewPublicKey();
        await using (var db = Database.NewContext())
        {
            db.ProjectKeys.Add(new ProjectKey { ProjectId = project.Id, Id = Guid.CreateVersion7(Now), PublicKey = key, Name = "a", IsActive = true, CreatedAt = Now });
            await db.SaveChangesAsync(Cancellation);
        }

        var slow = new SlowScopes(Database.Service<IServiceScopeFactory>()!);
        var file = new KeyFile(Path.Combine(Database.DataDirectory, "keys.json"), NullLogger<KeyFile>.Instance);
        var directory = new ProjectDirectory(slow, file, new PolicyShelf(NullLogger<PolicyShelf>.Instance), Database.Time, NullLogger<ProjectDirectory>.Instance);
        Assert.Equal(ScrubbingPolicy.Strict.Version, (await directory.FindAsync(key, Cancellation)).Entry!.Policy.Version);
        var tighter = new ScrubbingSettings { SensitiveKeys = ["ward"] };
        await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, tighter));
        Database.Time.Advance(TimeSpan.FromHours(1));

        slow.Answers.Reset();
        var finding = directory.FindAsync(key, Cancellation).AsTask();
        Database.Time.Advance(TimeSpan.FromSeconds(1));
        // Who does not wait for the database has answered by then.
        await Task.WhenAny(finding, Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation));
        slow.Answers.Set();

        Assert.Equal(ScrubbingPolicy.Of(tighter).Version, (await finding).Entry!.Policy.Version);
    }

    private sealed class SlowScopes(IServiceScopeFactory inner) : IServiceScopeFactory
    {
        public ManualResetEventSlim Answers { get; } = new(true);

        public IServiceScope CreateScope()
        {
            Answers.Wait(Cancellation);
            return inner.CreateScope();
        }
    }
}
