using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.DeadLetters;

/// <summary>Throws a dead letter away for good. It stays counted as one. False when the caller sees no such letter.</summary>
/// <param name="Scope">Who does it.</param>
/// <param name="Id">Our key of the event.</param>
public sealed record DiscardDeadLetter(AccessScope Scope, Guid Id) : IRequest<bool>, IChange;

internal sealed class DiscardDeadLetterHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<DiscardDeadLetter, bool>
{
    public async Task<bool> Handle(DiscardDeadLetter request, CancellationToken cancellationToken)
    {
        if (await db.FindDeadLetterAsync(request.Scope, request.Id, cancellationToken) is not { } letter)
            return false;

        db.DeadLetters.Remove(letter);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), "dead_letter.discarded", letter.EventId.ToString("n"), letter.ProjectId, letter.Reason));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}
