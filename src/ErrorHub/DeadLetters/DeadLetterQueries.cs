using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.DeadLetters;

internal static class DeadLetterQueries
{
    /// <summary>The letter of this key; null when there is none, or none for the caller to see.</summary>
    public static Task<DeadLetter?> FindDeadLetterAsync(
        this ErrorHubDbContext db, AccessScope scope, Guid id, CancellationToken cancellationToken) =>
        db.Projects.VisibleTo(scope).Join(db.DeadLetters, p => p.Id, d => d.ProjectId, (_, d) => d)
            .FirstOrDefaultAsync(d => d.Id == id, cancellationToken);
}
