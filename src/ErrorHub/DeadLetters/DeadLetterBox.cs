using ErrorHub.Ingest;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.DeadLetters;

/// <summary>Keeps the events that the database refuses for good.</summary>
public sealed class DeadLetterBox(IServiceScopeFactory scopes, OutcomeCounter outcomes, TimeProvider time)
{
    /// <summary>Keeps an event; one that is kept already gets the new reason. When this throws, the database is away after all.</summary>
    public async Task AddAsync(ProcessedEvent e, string reason, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var (why, now) = (StoredText.Fit(reason, 200), EventProcessor.Microseconds(time.GetUtcNow()));
        var known = await db.DeadLetters.Where(d => d.ProjectId == e.ProjectId && d.Id == e.Id).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Reason, why).SetProperty(d => d.FailedAt, now), cancellationToken);
        if (known > 0)
            return;

        db.DeadLetters.Add(new DeadLetter
        {
            ProjectId = e.ProjectId,
            Id = e.Id,
            EventId = e.EventId.Value,
            ReceivedAt = e.ReceivedAt,
            FailedAt = now,
            ExpiresAt = now.AddDays(e.RetentionDays),
            Reason = why,
            Title = StoredText.Fit(e.Heading.Title, 512),
            Category = e.Category,
            Record = ProcessedEventFormat.Write(e),
        });
        await db.SaveChangesAsync(cancellationToken);
        outcomes.Add(e.ProjectId, e.ReceivedAt, Outcome.Invalid, DiscardReason.DeadLetter, e.Category);
    }
}
