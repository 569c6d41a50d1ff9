using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>What happens between the note of a batch and its counting. What comes of it in the end is EventWriterTests' matter.</summary>
public sealed class CountJournalTests(PostgreSqlTestDatabase database) : IClassFixture<PostgreSqlTestDatabase>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.MigratedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task WriteAsync_Noted_EventIsThereBeforeItIsCounted()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);

        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"));

        Assert.Equal((2, 1L), await EventsAndCountAsync(project, issue));
        await journal.FoldAsync(Cancellation);
        Assert.Equal((2, 2L), await EventsAndCountAsync(project, issue));
    }

    [Fact]
    public async Task FoldAsync_NotesOfAProcessThatIsGone_AreCountedOnceByTheOthers()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, _) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        for (var i = 0; i < 30; i++)
            await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"), TestEvents.Of(project, "OutOfStock"));

        // Two at once, and once more when nothing is left.
        var others = Enumerable.Range(0, 2).Select(_ => database.NewJournalledWriter().Journal).ToList();
        await Task.WhenAll(others.Select(journal => journal.FoldAsync(Cancellation)));
        await others[0].FoldAsync(Cancellation);

        Assert.Equal((61, 61L), await EventsAndCountAsync(project, issue));
    }

    [Fact]
    public async Task FoldAsync_SameEventInTwoNotes_CountsItOnceAndTheOtherAsDuplicate()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        var e = TestEvents.Of(project, "OutOfStock");
        await WriteAsync(writer, e);

        var resent = Assert.Single(await WriteAsync(writer, e with { Id = Guid.CreateVersion7() }));
        var repeated = Assert.Single(await WriteAsync(writer, e));
        await journal.FoldAsync(Cancellation);

        Assert.Equal((false, false), (resent.Stored, resent.IsRepeat));
        Assert.Equal((false, true), (repeated.Stored, repeated.IsRepeat));
        Assert.Equal((2, 2L), await EventsAndCountAsync(project, issue));
        await using var db = database.NewContext();
        var outcomes = await db.OutcomeHours.Where(o => o.ProjectId == project).ToListAsync(Cancellation);
        Assert.Equal(
            [(Outcome.Accepted, 2L), (Outcome.Filtered, 1L)], outcomes.OrderBy(o => o.Outcome).Select(o => (o.Outcome, o.Quantity)));
    }

    [Fact]
    public async Task FoldAsync_IssueDeletedInBetween_MakesNoIssueWithoutEvents()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"), TestEvents.Of(project, "OutOfStock"));

        Assert.True(await database.UseCases.SendAsync(new DeleteIssue(AccessScope.System, issue), Cancellation));
        await journal.FoldAsync(Cancellation);

        await using var db = database.NewContext();
        Assert.Empty(await db.Issues.Where(i => i.ProjectId == project).ToListAsync(Cancellation));
        Assert.Equal(3, await db.OutcomeHours.Where(o => o.ProjectId == project).SumAsync(o => o.Quantity, Cancellation));
    }

    [Fact]
    public async Task FoldAsync_IssueMergedInBetween_CountsWhereTheHashLeadsNow()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        var larger = (await WriteAsync(writer, TestEvents.Of(project, "Larger"), TestEvents.Of(project, "Larger")))[0].IssueId;
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"), TestEvents.Of(project, "Larger"));

        var merged = await database.UseCases.SendAsync(new MergeIssues(AccessScope.System, [issue, larger]), Cancellation);
        // This process has not heard of it, and another one counts.
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"));
        await database.NewJournalledWriter().Journal.FoldAsync(Cancellation);
        await journal.FoldAsync(Cancellation);

        Assert.Equal(larger, merged.Value!.IssueId);
        Assert.Equal((6, 6L), await EventsAndCountAsync(project, larger));
        await database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task FoldAsync_WrittenToAnIssueThatIsDeletedAlready_MovesTheEventToANewOne()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        // As another process would: this one goes on believing in its issue.
        Assert.True(await database.UseCases.SendAsync(new DeleteIssue(AccessScope.System, issue), Cancellation));

        Assert.Equal(issue, Assert.Single(await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"))).IssueId);
        var counted = Assert.Single((await journal.FoldAsync(Cancellation)).Events);

        Assert.Equal(IssueTransitionKind.Created, counted.Transition);
        Assert.NotEqual(issue, counted.IssueId);
        Assert.Equal((1, 1L), await EventsAndCountAsync(project, counted.IssueId));
        // From here on it knows the new one.
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"));
        await journal.FoldAsync(Cancellation);
        Assert.Equal((2, 2L), await EventsAndCountAsync(project, counted.IssueId));
    }

    [Fact]
    public async Task FoldAsync_NoteThatCannotBeRead_CountsTheOthersAndThisOneWhenItCan()
    {
        var project = (await database.NewProjectAsync()).Id;
        var (writer, journal) = database.NewJournalledWriter();
        var issue = await NewIssueAsync(writer, project);
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"));
        await ExecuteAsync("UPDATE count_journal SET note = '\\x00' || note");
        await WriteAsync(writer, TestEvents.Of(project, "OutOfStock"));

        for (var more = true; more;)
            more = (await journal.FoldAsync(Cancellation)).HasMore;

        Assert.Equal((3, 2L), await EventsAndCountAsync(project, issue));
        await ExecuteAsync("UPDATE count_journal SET note = substring(note FROM 2)");
        await database.NewJournalledWriter().Journal.FoldAsync(Cancellation);
        Assert.Equal((3, 3L), await EventsAndCountAsync(project, issue));
    }

    private static async Task<Guid> NewIssueAsync(IEventWriter writer, long project) =>
        (await WriteAsync(writer, TestEvents.Of(project, "OutOfStock")))[0].IssueId;

    private static Task<IReadOnlyList<WriteResult>> WriteAsync(IEventWriter writer, params ProcessedEvent[] events) =>
        writer.WriteAsync(events, [], Cancellation);

    private async Task<(int Events, long Counted)> EventsAndCountAsync(long project, Guid issue)
    {
        await using var db = database.NewContext();
        return (
            await db.EventsOf(issue).CountAsync(e => e.ProjectId == project, Cancellation),
            await db.Issues.Where(i => i.ProjectId == project && i.Id == issue).Select(i => i.EventCount).SingleAsync(Cancellation));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
