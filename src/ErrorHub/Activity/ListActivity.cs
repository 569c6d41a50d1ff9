using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Activity;

/// <summary>The activity log, newest first. Owners see all of it; members what happened in their projects and what they did.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Before">Only records before this one; null for the newest.</param>
/// <param name="Limit">Records, 1 to 100.</param>
public sealed record ListActivity(AccessScope Scope, Guid? Before, int Limit) : IRequest<ActivityPage>;

/// <summary>A page of the activity log.</summary>
/// <param name="Records">The records.</param>
/// <param name="Next">What to pass as <see cref="ListActivity.Before"/> for the page after; null on the last.</param>
public sealed record ActivityPage(IReadOnlyList<ActivityRecord> Records, Guid? Next);

internal sealed class ListActivityHandler(ErrorHubDbContext db) : IRequestHandler<ListActivity, ActivityPage>
{
    public async Task<ActivityPage> Handle(ListActivity request, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, 100);
        var records = db.Activity.AsNoTracking();
        if (request.Scope.ProjectIds is { } ids)
        {
            var userId = request.Scope.Actor.UserId;
            records = records.Where(a =>
                (a.ProjectId != null && ids.Contains(a.ProjectId.Value)) || (userId != null && a.UserId == userId));
        }

        // uuidv7: the key is the order.
        if (request.Before is { } before)
            records = records.Where(a => a.Id < before);
        var page = await records.OrderByDescending(a => a.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return page.Count <= limit
            ? new ActivityPage(page, null)
            : new ActivityPage(page[..limit], page[limit - 1].Id);
    }
}
