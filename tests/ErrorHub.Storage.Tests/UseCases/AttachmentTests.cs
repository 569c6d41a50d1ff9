using ErrorHub.Accounts;
using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Rows and files of attachments: which are kept, who sees them, and when they go.</summary>
public abstract class AttachmentTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private AttachmentFiles Files => new(Database.DataDirectory);

    [Fact]
    public async Task AddAttachments_TwiceAndTooMany_KeepsEachOnceUpToTheLimits()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var id = SentryId.NewId();

        var first = await SendAsync(new AddAttachments([New(project, id, "a"), New(project, id, "b"), New(project, id, "a")], 3, 25));
        var second = await SendAsync(new AddAttachments([New(project, id, "b"), New(project, id, "c"), New(project, id, "d")], 3, 25));

        Assert.Equal([AttachmentAddition.Added, AttachmentAddition.Added, AttachmentAddition.Duplicate], first);
        Assert.Equal([AttachmentAddition.Duplicate, AttachmentAddition.OverLimit, AttachmentAddition.OverLimit], second);
        Assert.Equal(["a", "b"], (await SendAsync(new ListAttachments(MemberOf(project), project, id)))!.Select(a => a.Filename).Order());
    }

    [Fact]
    public async Task AddAttachments_SameRowAgain_IsARepeatAndNoDuplicate()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var attachment = New(project, SentryId.NewId(), "a");
        await SendAsync(new AddAttachments([attachment], 1, 10));

        Assert.Equal([AttachmentAddition.Repeat], await SendAsync(new AddAttachments([attachment], 1, 10)));
    }

    [Fact]
    public async Task AddAttachments_SameFileByManyAtOnce_MakesOneRow()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var id = SentryId.NewId();

        var additions = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SendAsync(new AddAttachments([New(project, id, "a")], 30, 1000))));

        Assert.Equal(1, additions.Count(a => a[0] == AttachmentAddition.Added));
        Assert.Single((await SendAsync(new ListAttachments(MemberOf(project), project, id)))!);
    }

    [Fact]
    public async Task ListAndGetAttachment_OfAProjectTheCallerDoesNotSee_AreNotThere()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var attachment = await KeepAsync(project, SentryId.NewId(), Now);
        var id = new SentryId(attachment.EventId);

        Assert.NotNull(await SendAsync(new GetAttachment(MemberOf(project), project, id, attachment.Id)));
        Assert.Null(await SendAsync(new GetAttachment(MemberOf(project + 1000), project, id, attachment.Id)));
        Assert.Null(await SendAsync(new GetAttachment(MemberOf(project), project, SentryId.NewId(), attachment.Id)));
        Assert.Null(await SendAsync(new ListAttachments(MemberOf(project + 1000), project, id)));
        Assert.Null(await SendAsync(new ListAttachments(MemberOf(project), project, SentryId.NewId())));
    }

    [Fact]
    public async Task ExpireAttachments_OldAndOrphaned_GoWithTheirFiles()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var (recent, old) = (TestEvents.Of(project, "Fault"), TestEvents.Of(project, "Fault", Now.AddDays(-91)));
        await WriteAsync(recent, old);
        var kept = await KeepAsync(project, recent.EventId, Now.AddDays(-2));
        var waiting = await KeepAsync(project, SentryId.NewId(), Now.AddHours(-23));
        var orphan = await KeepAsync(project, SentryId.NewId(), Now.AddHours(-25));
        var expired = await KeepAsync(project, old.EventId, Now.AddDays(-91));

        await SendAsync(new ExpireAttachments());

        Assert.Equal([kept.Id, waiting.Id], await RowsAsync(project));
        Assert.All([kept, waiting], a => Assert.True(HasFile(a)));
        Assert.All([orphan, expired], a => Assert.False(HasFile(a)));
    }

    [Fact]
    public async Task SweepAttachments_FilesWithoutRow_GoUnlessTheyAreYoung()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var kept = await KeepAsync(project, SentryId.NewId(), Now.AddHours(-2));
        var (stray, young) = (New(project, SentryId.NewId(), "a", Now.AddHours(-2)), New(project, SentryId.NewId(), "a", Now.AddMinutes(-50)));
        Files.Write(project, stray.Id, stray.Sha256);
        Files.Write(project, young.Id, young.Sha256);

        await SendAsync(new SweepAttachments());

        Assert.Equal((true, false, true), (HasFile(kept), HasFile(stray, 32), HasFile(young, 32)));
    }

    [Fact]
    public async Task DeleteIssue_WithAttachments_RemovesRowsAndFilesOfItsEventsOnly()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var (doomed, other) = (TestEvents.Of(project, "Doomed"), TestEvents.Of(project, "Other"));
        var issue = (await WriteAsync(doomed, other))[0].IssueId;
        var (gone, kept) = (await KeepAsync(project, doomed.EventId, Now), await KeepAsync(project, other.EventId, Now));

        await SendAsync(new DeleteIssue(MemberOf(project), issue));

        Assert.Equal([kept.Id], await RowsAsync(project));
        Assert.Equal((false, true), (HasFile(gone), HasFile(kept)));
    }

    [Fact]
    public async Task DeleteProject_WithAttachments_RemovesThem()
    {
        var project = await Database.NewProjectAsync();
        var gone = await KeepAsync(project.Id, SentryId.NewId(), Now);

        await SendAsync(new DeleteProject(AccessScope.System, project.Slug));

        Assert.Empty(await RowsAsync(project.Id));
        Assert.False(HasFile(gone));
    }

    [Fact]
    public async Task OpenRead_FileThatIsNotWhole_IsNotThere()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var attachment = await KeepAsync(project, SentryId.NewId(), Now);

        Assert.False(HasFile(attachment, attachment.Bytes + 1));
    }

    private bool HasFile(Attachment attachment, long? bytes = null)
    {
        using var file = Files.OpenRead(attachment.ProjectId, attachment.Id, bytes ?? attachment.Bytes);
        return file is not null;
    }

    private async Task<Attachment> KeepAsync(long project, SentryId eventId, DateTimeOffset at)
    {
        var attachment = New(project, eventId, "a", at);
        Files.Write(project, attachment.Id, new byte[attachment.Bytes]);
        Assert.Equal([AttachmentAddition.Added], await SendAsync(new AddAttachments([attachment], 30, 1000)));
        return attachment;
    }

    private async Task<List<Guid>> RowsAsync(long project)
    {
        await using var db = Database.NewContext();
        return await db.Attachments.Where(a => a.ProjectId == project).OrderBy(a => a.CreatedAt).Select(a => a.Id).ToListAsync(Cancellation);
    }

    private static Attachment New(long project, SentryId eventId, string name, DateTimeOffset? at = null) => new()
    {
        ProjectId = project,
        Id = Guid.CreateVersion7(at ?? Now),
        EventId = eventId.Value,
        Filename = name,
        Kind = "event.attachment",
        Bytes = 10,
        Sha256 = new byte[32],
        CreatedAt = EventProcessor.Microseconds(at ?? Now),
        RetentionDays = 90,
    };
}

public sealed class SqliteAttachmentTests(SqliteTestDatabase database) : AttachmentTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlAttachmentTests(PostgreSqlTestDatabase database) : AttachmentTests<PostgreSqlTestDatabase>(database);
