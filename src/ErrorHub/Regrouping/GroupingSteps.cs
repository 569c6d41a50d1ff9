using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Storage;

namespace ErrorHub.Regrouping;

/// <summary>How far a change is, in the database: what comes next is noted before it is done, and that it is done after it.</summary>
internal sealed class GroupingSteps(ErrorHubDbContext db, GroupingChange change, TimeProvider time)
{
    /// <summary>The answer to the second of two who are at the same change.</summary>
    public static ChangeResult<GroupingChangeDetails> Busy =>
        ChangeResult<GroupingChangeDetails>.Conflict("Somebody else is at this change. Look again in a moment.");

    /// <summary>The change.</summary>
    public GroupingChange Change => change;

    /// <summary>What was done, or was about to be.</summary>
    public RegroupingDone Done { get; private set; } = RegroupingDone.Parse(change.Done);

    /// <summary>Notes it.</summary>
    /// <exception cref="Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException">Somebody else has noted something since.</exception>
    public async Task SaveAsync(GroupingChangeState state, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        db.Attach(change);
        (change.State, change.Done, change.StateChangedAt) = (state, Done.ToJson(), EventProcessor.Microseconds(time.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    /// <summary>Notes that a step of applying is done.</summary>
    public Task SaveNextAsync(CancellationToken cancellationToken)
    {
        Done = Done with { Steps = Done.Steps + 1 };
        return SaveAsync(GroupingChangeState.Applying, cancellationToken);
    }
}
