using System.Text;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>What came beside events is scrubbed again with them.</summary>
public abstract class RescrubBesideTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private static readonly ScrubbingSettings Tighter = new() { Rules = [new OwnRule("patient-no", @"PAT-\d{6}")] };

    private AttachmentFiles Files => new(Database.DataDirectory);

    [Fact]
    public async Task ContinueRescrubs_Feedback_LosesWhatTheRulesFind()
    {
        var project = await Database.NewProjectAsync();
        var words = new UserReport { Name = "Eve", Email = "eve@example.org", Comments = "PAT-123456 cannot log in", Url = "https://a.example/PAT-123456" };
        await SendAsync(new AddFeedback(project.Id, SentryId.NewId(), words, Now, 90));

        await RescrubAsync(project);

        await using var db = Database.NewContext();
        var row = await db.UserFeedback.SingleAsync(f => f.ProjectId == project.Id, Cancellation);
        Assert.Equal(("Eve", "eve@example.org", "[patient-no] cannot log in", "https://a.example/[patient-no]"), (row.Name, row.Email, row.Comments, row.Url));
    }

    [Fact]
    public async Task ContinueRescrubs_Attachments_LoseItWhereTheyAreText()
    {
        var project = await Database.NewProjectAsync();
        var id = SentryId.NewId();
        await KeepAsync(project, id, "PAT-123456.log", "line PAT-123456\n");
        await KeepAsync(project, id, "dump.bin", "\0PAT-123456");
        var gone = await KeepAsync(project, id, "gone.log", "PAT-123456");
        Files.Delete(project.Id, gone.Id);

        await RescrubAsync(project);

        Assert.Equal([("[patient-no].log", "line [patient-no]\n"), ("dump.bin", "\0PAT-123456"), ("gone.log", null)], await ContentsAsync(project));
        Assert.Empty(Directory.EnumerateFiles(Database.DataDirectory, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task ContinueRescrubs_AttachmentWhoseCallDied_HasItsRowMended()
    {
        var project = await Database.NewProjectAsync();
        var kept = await KeepAsync(project, SentryId.NewId(), "a.log", "PAT-123456");
        LateAttachments.Scrub(Files, kept, ScrubbingPolicy.Of(Tighter));
        Assert.Equal([("a.log", null)], await ContentsAsync(project));

        await RescrubAsync(project);

        Assert.Equal([("a.log", "[patient-no]")], await ContentsAsync(project));
    }

    [Fact]
    public async Task ContinueRescrubs_AttachmentsThatBecomeTheSame_AreOne()
    {
        var project = await Database.NewProjectAsync();
        var id = SentryId.NewId();
        await KeepAsync(project, id, "a.log", "PAT-123456");
        await KeepAsync(project, id, "a.log", "PAT-654321");

        await RescrubAsync(project);

        Assert.Equal([("a.log", "[patient-no]")], await ContentsAsync(project));
    }

    [Fact]
    public async Task ContinueRescrubs_PlacesThatNameASecret_CountAsOthers()
    {
        var project = await Database.NewProjectAsync();
        RemovalCount[] removals = [new("email", "extra.PAT-123456", 2), new("email", "extra.PAT-654321", 3), new("email", "extra.plain", 5)];
        await WriteAsync(TestEvents.Of(project.Id, "Fault") with { Removals = removals });
        await using var db = Database.NewContext();
        db.PrivacyFindings.Add(new PrivacyFinding { ProjectId = project.Id, Rule = "digits", Path = "extra.PAT-123456.a", Events = 1, FirstSeen = Now, LastSeen = Now });
        await db.SaveChangesAsync(Cancellation);

        await RescrubAsync(project);

        Assert.Equal(
            [("*", 5), ("extra.plain", 5)],
            (await db.RemovalDays.Where(r => r.ProjectId == project.Id).ToListAsync(Cancellation)).Select(r => (r.Path, r.Removals)).Order());
        Assert.Equal(["extra.plain"], await db.RemovalPaths.Where(r => r.ProjectId == project.Id).Select(r => r.Path).ToListAsync(Cancellation));
        Assert.Empty(await db.PrivacyFindings.Where(f => f.ProjectId == project.Id).ToListAsync(Cancellation));
    }

    [Fact]
    public void Scrub_ReceiptThatNamesAKeyWithASecret_LosesIt()
    {
        var e = EventScrubber.Scrub(new SentryEvent { Extra = { ["PAT-123456"] = JsonSerializer.SerializeToElement("a@b.example") } });
        Assert.Equal("extra.PAT-123456", e.Receipt!.Removals[0].Path);
        e.Extra.Clear();

        Assert.Equal("extra.[patient-no]", Rescrubbing.Scrub(e, ScrubbingPolicy.Of(Tighter))!.Receipt!.Removals[0].Path);
    }

    private async Task RescrubAsync(Project project)
    {
        await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, Tighter));
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        Database.Time.Advance(RescrubRun.Wait);
        await SendAsync(new ContinueRescrubs());
        Assert.Equal(RescrubPhase.Done, (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!.Phase);
    }

    private async Task<Attachment> KeepAsync(Project project, SentryId eventId, string name, string content)
    {
        var (id, bytes) = (Guid.CreateVersion7(Now), Encoding.UTF8.GetBytes(content));
        var attachment = new Attachment
        {
            ProjectId = project.Id,
            Id = id,
            EventId = eventId.Value,
            Filename = name,
            Kind = "event.attachment",
            Bytes = bytes.Length,
            Sha256 = Files.Write(project.Id, id, bytes),
            CreatedAt = Now,
            RetentionDays = 90,
        };
        Assert.Equal([AttachmentAddition.Added], await SendAsync(new AddAttachments([attachment], 30, 1_000)));
        return attachment;
    }

    // A file that is not what its row says has no content.
    private async Task<List<(string Name, string? Content)>> ContentsAsync(Project project)
    {
        await using var db = Database.NewContext();
        List<(string, string?)> contents = [];
        foreach (var row in await db.Attachments.Where(a => a.ProjectId == project.Id).ToListAsync(Cancellation))
        {
            await using var file = Files.OpenRead(project.Id, row.Id, row.Bytes);
            contents.Add((row.Filename, file is null ? null : await new StreamReader(file).ReadToEndAsync(Cancellation)));
        }

        return [.. contents.OrderBy(c => c.Item1, StringComparer.Ordinal)];
    }
}

public sealed class SqliteRescrubBesideTests(SqliteTestDatabase database) : RescrubBesideTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlRescrubBesideTests(PostgreSqlTestDatabase database) : RescrubBesideTests<PostgreSqlTestDatabase>(database);
