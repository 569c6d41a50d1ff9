using ErrorHub.Accounts;
using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>What users wrote: kept once, shown to whom it concerns, and gone in time.</summary>
public abstract class FeedbackTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task AddFeedback_SameIdByManyAtOnce_IsOneRowWithTheLastWords()
    {
        var (project, id) = ((await Database.NewProjectAsync()).Id, SentryId.NewId());

        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => AddAsync(project, id, $"try {i}", Now)));
        await AddAsync(project, id, "last\0 \ud800", Now);

        var row = Assert.Single(await SendAsync(new ListFeedbackOfEvent(MemberOf(project), project, id)));
        Assert.Equal("last\ufffd \ufffd", row.Comments);
        Assert.Empty(await SendAsync(new ListFeedbackOfEvent(MemberOf(project + 1000), project, id)));
    }

    [Fact]
    public async Task ListFeedback_OfAProject_IsPagedNewestFirst()
    {
        var project = (await Database.NewProjectAsync()).Id;
        for (var i = 0; i < 5; i++)
            await AddAsync(project, SentryId.NewId(), $"{i}", Now.AddMinutes(i));

        var first = (await SendAsync(new ListFeedback(MemberOf(project), project, null, 3)))!;
        var second = (await SendAsync(new ListFeedback(MemberOf(project), project, first.Next, 3)))!;
        var back = (await SendAsync(new ListFeedback(MemberOf(project), project, second.Previous, 3)))!;

        Assert.Equal(["4", "3", "2"], first.Rows.Select(r => r.Comments));
        Assert.Equal(["1", "0"], second.Rows.Select(r => r.Comments));
        Assert.Equal(first.Rows, back.Rows);
        Assert.Equal((null, null), (first.Previous, second.Next));
        Assert.Null(await SendAsync(new ListFeedback(MemberOf(project + 1000), project, null, 3)));
        Assert.NotNull((await SendAsync(new ListFeedback(MemberOf(project), project, "what", 3)))!.CursorError);
    }

    [Fact]
    public async Task ExpireFeedback_PastItsRetentionOrOfADeletedProject_Goes()
    {
        var (project, doomed) = ((await Database.NewProjectAsync()).Id, await Database.NewProjectAsync());
        await AddAsync(project, SentryId.NewId(), "old", Now.AddDays(-91));
        await AddAsync(project, SentryId.NewId(), "new", Now.AddDays(-89));
        await AddAsync(doomed.Id, SentryId.NewId(), "deleted", Now);

        await SendAsync(new DeleteProject(AccessScope.System, doomed.Slug));
        await SendAsync(new ExpireFeedback());

        Assert.Equal(["new"], (await SendAsync(new ListFeedback(MemberOf(project), project, null, 10)))!.Rows.Select(r => r.Comments));
        await using var db = Database.NewContext();
        Assert.DoesNotContain(db.UserFeedback, f => f.ProjectId == doomed.Id);
    }

    [Fact]
    public async Task DeleteIssue_WithFeedback_RemovesThatOfItsEventsOnly()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var (doomed, other) = (TestEvents.Of(project, "Doomed"), TestEvents.Of(project, "Other"));
        var issue = (await WriteAsync(doomed, other))[0].IssueId;
        await AddAsync(project, doomed.EventId, "gone", Now);
        await AddAsync(project, other.EventId, "kept", Now);

        await SendAsync(new DeleteIssue(MemberOf(project), issue));

        Assert.Equal(["kept"], (await SendAsync(new ListFeedback(MemberOf(project), project, null, 10)))!.Rows.Select(r => r.Comments));
    }

    [Fact]
    public async Task ExpireAttachments_FileOfAFeedback_IsNoOrphan()
    {
        var (project, id) = ((await Database.NewProjectAsync()).Id, SentryId.NewId());
        await AddAsync(project, id, "see the picture", Now.AddDays(-2));
        await SendAsync(new AddAttachments(
            [
                new Attachment
                {
                    ProjectId = project, Id = Guid.CreateVersion7(Now.AddDays(-2)), EventId = id.Value, Filename = "a", Kind = "event.attachment",
                    Bytes = 1, Sha256 = new byte[32], CreatedAt = EventProcessor.Microseconds(Now.AddDays(-2)), RetentionDays = 90,
                },
            ],
            30, 1000));

        await SendAsync(new ExpireAttachments());

        Assert.Single((await SendAsync(new ListAttachments(MemberOf(project), project, id)))!);
    }

    private Task<Guid> AddAsync(long project, SentryId id, string comments, DateTimeOffset at) =>
        SendAsync(new AddFeedback(project, id, new UserReport { EventId = id, Name = "Ann", Comments = comments }, at, 90));
}

public sealed class SqliteFeedbackTests(SqliteTestDatabase database) : FeedbackTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlFeedbackTests(PostgreSqlTestDatabase database) : FeedbackTests<PostgreSqlTestDatabase>(database);
