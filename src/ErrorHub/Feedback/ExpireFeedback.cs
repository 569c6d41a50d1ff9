using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Feedback;

/// <summary>Removes what users wrote and is past its retention, or of a deleted project.</summary>
/// <remarks>Answers how many went.</remarks>
public sealed record ExpireFeedback : IRequest<int>, IUnattended;

internal sealed class ExpireFeedbackHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<ExpireFeedback, int>
{
    public async Task<int> Handle(ExpireFeedback request, CancellationToken cancellationToken)
    {
        var (removed, now) = (0, time.GetUtcNow());
        foreach (var project in await db.Projects.AsNoTracking().Select(p => new { p.Id, p.DeletedAt }).ToListAsync(cancellationToken))
        {
            var feedback = db.UserFeedback.Where(f => f.ProjectId == project.Id);
            if (project.DeletedAt is not null)
            {
                removed += await feedback.ExecuteDeleteAsync(cancellationToken);
                continue;
            }

            foreach (var days in await feedback.Select(f => f.RetentionDays).Distinct().ToListAsync(cancellationToken))
            {
                var before = TimeOrderedId.LowerBound(now.AddDays(-days));
                removed += await feedback.Where(f => f.RetentionDays == days && f.Id.CompareTo(before) < 0).ExecuteDeleteAsync(cancellationToken);
            }
        }

        return removed;
    }
}
