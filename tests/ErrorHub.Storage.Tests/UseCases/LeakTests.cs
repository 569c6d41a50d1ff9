using System.Text;
using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>The nightly look for what ingest lets through: where, never what; and the way from there to a rule.</summary>
public abstract class LeakTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private const string Name = "Anna Kowalska";
    private const string Message = "exception.values[*].value";

    [Fact]
    public async Task SampleForLeaks_EventsWithLeaks_OpensOneFindingForEachRuleAndPlace()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "One", $"no bed for patient {Name}"), Event(project.Id, "Two", $"patient: {Name} left"), Event(project.Id, "Three", "out of beds", ward: Name));

        await SendAsync(new SampleForLeaks());

        var finding = Assert.Single(await SendAsync(new ListFindings(MemberOf(project.Id), project.Slug)));
        Assert.Equal(("person-name", Message, 2, Now, Now), (finding.Rule, finding.Path, finding.Events, finding.FirstSeen, finding.LastSeen));
        await using var db = Database.NewContext();
        Assert.DoesNotContain("Anna", string.Join(' ', (await db.PrivacyFindings.Where(f => f.ProjectId == project.Id).ToListAsync(Cancellation)).Select(f => f.Rule + f.Path)), StringComparison.Ordinal);
        Assert.Empty(await SendAsync(new ListFindings(MemberOf(project.Id + 1000), project.Slug)));

        // The next night it is the same finding.
        await SendAsync(new SampleForLeaks());
        Assert.Equal(4, Assert.Single(await SendAsync(new ListFindings(AccessScope.System, project.Slug))).Events);
    }

    [Fact]
    public async Task SampleForLeaks_StormBesideAFewOthers_LooksAtTheOthersToo()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Enumerable.Range(0, 700).Select(_ => Event(project.Id, "Storm", "out of beds")));
        await WriteAsync(Event(project.Id, "Seldom", $"patient {Name}", Now.AddHours(-20)));

        await SendAsync(new SampleForLeaks());

        Assert.Equal(1, Assert.Single(await SendAsync(new ListFindings(AccessScope.System, project.Slug))).Events);
    }

    [Fact]
    public async Task DismissFinding_ByAnOwner_IsRecordedAndNotOpenedAgain()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "One", $"patient {Name}"));
        await SendAsync(new SampleForLeaks());
        Assert.Equal(Refusal.Forbidden, (await SendAsync(new DismissFinding(MemberOf(project.Id), project.Slug, "person-name", Message))).Refusal);

        Assert.NotNull((await SendAsync(new DismissFinding(AccessScope.System, project.Slug, "person-name", Message))).Value);
        await SendAsync(new SampleForLeaks());

        Assert.Empty(await SendAsync(new ListFindings(AccessScope.System, project.Slug)));
        Assert.Equal(Refusal.NotFound, (await SendAsync(new DismissFinding(AccessScope.System, project.Slug, "person-name", Message))).Refusal);
        await using var db = Database.NewContext();
        Assert.Equal($"person-name at {Message}", (await db.Activity.SingleAsync(a => a.ProjectId == project.Id && a.Action == "project.finding_dismissed", Cancellation)).Detail);
    }

    [Fact]
    public async Task GetProposal_OwnTextOfTheEvent_IsAPatternThatFindsIt()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "One", $"patient {Name}"), Event(project.Id, "Two", $"patient {Name}"), Event(project.Id, "Three", "out of beds"));
        await SendAsync(new SampleForLeaks());

        var proposal = (await SendAsync(new GetProposal(MemberOf(project.Id), project.Slug, "person-name", Message)))!;

        Assert.Equal((null, "person-name", 3, 2), (proposal.Problem, proposal.Added, proposal.Looked, proposal.Changed));
        Assert.Null(await SendAsync(new GetProposal(MemberOf(project.Id), project.Slug, "person-name", "elsewhere")));
        // Saved, it removes what the finding pointed at.
        Assert.NotNull((await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, proposal.Settings))).Value);
        var scrubbed = Rescrubbing.Scrub(Event(project.Id, "One", $"patient {Name}"), ScrubbingPolicy.Of(proposal.Settings), GroupingRules.None);
        Assert.Equal("One: patient [person-name]", scrubbed.Heading.Title);
    }

    [Fact]
    public async Task GetProposal_ValueThatTheAppNamed_IsItsName()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "One", "out of beds", ward: $"Frau {Name}"));
        await SendAsync(new SampleForLeaks());

        var proposal = (await SendAsync(new GetProposal(AccessScope.System, project.Slug, "person-name", "extra.ward")))!;

        Assert.Equal(("ward", 1, 1), (proposal.Added, proposal.Looked, proposal.Changed));
        Assert.Equal(["ward"], proposal.Settings.SensitiveKeys);
    }

    [Fact]
    public async Task SampleForLeaks_NameThatTheOwnerKeeps_IsNoFinding()
    {
        var project = await Database.NewProjectAsync();
        await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, new ScrubbingSettings { SafeKeys = ["ward"] }));
        await WriteAsync(Event(project.Id, "One", "out of beds", ward: $"Frau {Name}"));

        await SendAsync(new SampleForLeaks());

        Assert.Empty(await SendAsync(new ListFindings(AccessScope.System, project.Slug)));
    }

    private static ProcessedEvent Event(long project, string fault, string value, DateTimeOffset? at = null, string ward = "B2")
    {
        var json = Encoding.UTF8.GetBytes($$$"""{"platform":"python","exception":{"values":[{"type":"{{{fault}}}","value":"{{{value}}}"}]},"extra":{"ward":"{{{ward}}}"}}""");
        return TestEvents.Of(project, fault, at) with { Body = PayloadCodec.Compress(json), BodyBytes = json.Length };
    }
}

public sealed class SqliteLeakTests(SqliteTestDatabase database) : LeakTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlLeakTests(PostgreSqlTestDatabase database) : LeakTests<PostgreSqlTestDatabase>(database);
