using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.DeadLetters;

/// <summary>Sends a dead letter down its path once more, after what refused it was mended.</summary>
/// <param name="Scope">Who does it.</param>
/// <param name="Id">Our key of the event.</param>
/// <returns>What became of it now; null when the caller sees no such letter. Refused again, it stays among the dead letters.</returns>
public sealed record ReplayDeadLetter(AccessScope Scope, Guid Id) : IRequest<WriteAnswer?>, IChange;

internal sealed class ReplayDeadLetterHandler(ErrorHubDbContext db, EventBatcher batcher, LateScrubbing late, OutcomeCounter outcomes, TimeProvider time)
    : IRequestHandler<ReplayDeadLetter, WriteAnswer?>
{
    public async Task<WriteAnswer?> Handle(ReplayDeadLetter request, CancellationToken cancellationToken)
    {
        if (await db.FindDeadLetterAsync(request.Scope, request.Id, cancellationToken) is not { } letter)
            return null;

        var scrub = await late.ScrubberAsync([letter.ProjectId], cancellationToken);
        var answer = await batcher.WriteAsync(scrub(ProcessedEventFormat.Read(letter.Record)), cancellationToken);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), "dead_letter.replayed", letter.EventId.ToString("n"), letter.ProjectId, answer.ToString()));
        if (answer is WriteAnswer.DeadLettered or WriteAnswer.Unavailable or WriteAnswer.Shed)
        {
            await db.SaveChangesAsync(cancellationToken);
            return answer;
        }

        // In this order: whoever is cut off in between finds the letter again, and its replay a duplicate.
        db.DeadLetters.Remove(letter);
        await db.SaveChangesAsync(cancellationToken);
        outcomes.TakeBack(letter.ProjectId, letter.ReceivedAt, Outcome.Invalid, DiscardReason.DeadLetter, letter.Category);
        return answer;
    }
}
