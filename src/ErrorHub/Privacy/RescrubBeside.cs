using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>What a project has beside its events: dead letters, what users wrote, attachments. Each by itself, and a second time changes nothing.</summary>
internal sealed class RescrubBeside(ErrorHubDbContext db, AttachmentFiles files, long projectId, ScrubbingPolicy policy, GroupingRules rules)
{
    // An attachment may be large.
    private const int Step = 10;

    /// <summary>Scrubs the next few.</summary>
    /// <param name="after">The last that was looked at.</param>
    /// <param name="until">What came from then on was scrubbed by these rules.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The last that was looked at now; null when there are no more.</returns>
    public async Task<Guid?> RunAsync(Guid after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var before = TimeOrderedId.LowerBound(until);
        List<(Guid Id, Func<Guid, CancellationToken, Task> Scrub)> next = [];
        async Task AddAsync(IQueryable<Guid> ids, Func<Guid, CancellationToken, Task> scrub) => next.AddRange(
            (await ids.Where(id => id.CompareTo(after) > 0 && id.CompareTo(before) < 0).OrderBy(id => id).Take(Step).ToListAsync(cancellationToken)).Select(id => (id, scrub)));

        await AddAsync(db.DeadLetters.Where(d => d.ProjectId == projectId).Select(d => d.Id), DeadLetterAsync);
        await AddAsync(db.UserFeedback.Where(f => f.ProjectId == projectId).Select(f => f.Id), FeedbackAsync);
        await AddAsync(db.Attachments.Where(a => a.ProjectId == projectId).Select(a => a.Id), AttachmentAsync);
        Guid? last = null;
        foreach (var (id, scrub) in next.OrderBy(n => n.Id).Take(Step))
        {
            await scrub(id, cancellationToken);
            last = id;
        }

        return last;
    }

    private async Task DeadLetterAsync(Guid id, CancellationToken cancellationToken)
    {
        var letters = db.DeadLetters.Where(d => d.ProjectId == projectId && d.Id == id);
        if (await letters.Select(d => d.Record).FirstOrDefaultAsync(cancellationToken) is not { } record || TryRead(record) is not { } before)
            return;

        var after = Rescrubbing.Scrub(before, policy, rules);
        if (after == before)
            return;

        var (bytes, title) = (ProcessedEventFormat.Write(after), StoredText.Fit(after.Heading.Title, 512));
        await letters.ExecuteUpdateAsync(set => set.SetProperty(d => d.Record, bytes).SetProperty(d => d.Title, title), cancellationToken);
    }

    private async Task FeedbackAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = db.UserFeedback.Where(f => f.ProjectId == projectId && f.Id == id);
        if (await rows.AsNoTracking().FirstOrDefaultAsync(cancellationToken) is not { } row)
            return;

        var before = new UserReport { Name = row.Name, Email = row.Email, Comments = row.Comments, Url = row.Url };
        var after = AddFeedback.Fit(FeedbackScrubber.Scrub(before, policy, Rescrubbing.Budget));
        if (after == before)
            return;

        // Unless its sender has overwritten it meanwhile, which was scrubbed by the new rules.
        await rows.Where(f => f.Name == row.Name && f.Email == row.Email && f.Comments == row.Comments && f.Url == row.Url).ExecuteUpdateAsync(
            set => set.SetProperty(f => f.Name, after.Name).SetProperty(f => f.Email, after.Email)
                .SetProperty(f => f.Comments, after.Comments).SetProperty(f => f.Url, after.Url),
            cancellationToken);
    }

    private async Task AttachmentAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = db.Attachments.Where(a => a.ProjectId == projectId && a.Id == id);
        if (await rows.AsNoTracking().FirstOrDefaultAsync(cancellationToken) is not { } row
            || !LateAttachments.Scrub(files, row, policy))
            return;

        var (bytes, hash, name) = (row.Bytes, row.Sha256, row.Filename);
        // Two that were different may be the same by now.
        if (await db.Attachments.AnyAsync(a => a.ProjectId == projectId && a.EventId == row.EventId && a.Sha256 == hash && a.Filename == name && a.Id != id, cancellationToken))
        {
            await rows.ExecuteDeleteAsync(cancellationToken);
            files.Delete(projectId, id);
            return;
        }

        await rows.ExecuteUpdateAsync(
            set => set.SetProperty(a => a.Bytes, bytes).SetProperty(a => a.Sha256, hash).SetProperty(a => a.Filename, name), cancellationToken);
    }

    // One that a newer program wrote is not ours to change.
    private static ProcessedEvent? TryRead(byte[] record)
    {
        try
        {
            return ProcessedEventFormat.Read(record);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
