using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>A project's settings of scrubbing: kept as they were given, for that project alone.</summary>
public abstract class ScrubbingSettingsTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private static readonly ScrubbingSettings Settings = new()
    {
        Profile = ScrubbingProfile.SentryCompat,
        SensitiveKeys = ["kundennr", "Größe ✓"],
        Rules = [new OwnRule("patient-no", @"(?i)\bpat-(?<secret>\d{6}) ""x""")],
        IpAddresses = AddressHandling.Truncate,
        Bodies = PartHandling.Drop,
        PiiConfig = """{"applications":{"extra.'a ''b'''":["@anything:remove"]}}""",
    };

    [Fact]
    public async Task SetScrubbing_AnySettings_AreReadAsTheyWereGiven()
    {
        var (project, other) = (await Database.NewProjectAsync(), await Database.NewProjectAsync());
        Assert.NotNull((await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, Settings))).Value);

        Assert.Equal(Settings.ToFullJson(), (await SendAsync(new GetScrubbing(MemberOf(project.Id), project.Slug)))!.Settings.ToFullJson());
        Assert.Equal(ScrubbingSettings.Default.ToFullJson(), (await SendAsync(new GetScrubbing(MemberOf(other.Id), other.Slug)))!.Settings.ToFullJson());
        Assert.Null(await SendAsync(new GetScrubbing(MemberOf(other.Id), project.Slug)));

        // The default is no settings at all.
        Assert.NotNull((await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, new ScrubbingSettings()))).Value);
        await using var db = Database.NewContext();
        Assert.Null(db.Projects.Single(p => p.Id == project.Id).Scrubbing);
    }

    [Fact]
    public async Task GetScrubbingPreview_NoEventGiven_TakesTheNewestOfTheProject()
    {
        var project = await Database.NewProjectAsync();
        Assert.NotNull((await SendAsync(new GetScrubbingPreview(MemberOf(project.Id), project.Slug, null, null))).Problem);
        var first = TestEvents.Of(project.Id, "First");
        await WriteAsync(TestEvents.Of(project.Id, "Second", first.ReceivedAt.AddMinutes(1)) with { Body = PayloadCodec.Compress("""{"platform":"kotlin"}"""u8) }, first);

        var preview = (await SendAsync(new GetScrubbingPreview(MemberOf(project.Id), project.Slug, Settings, null))).Value!;
        Assert.Equal("kotlin", preview.Stored.GetProperty("platform").GetString());
        Assert.StartsWith("sentry-compat-1+", preview.Policy, StringComparison.Ordinal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new GetScrubbingPreview(MemberOf(project.Id + 1000), project.Slug, null, null))).Refusal);
    }
}

public sealed class SqliteScrubbingSettingsTests(SqliteTestDatabase database) : ScrubbingSettingsTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlScrubbingSettingsTests(PostgreSqlTestDatabase database) : ScrubbingSettingsTests<PostgreSqlTestDatabase>(database);
