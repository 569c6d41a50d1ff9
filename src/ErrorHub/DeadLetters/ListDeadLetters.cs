using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.DeadLetters;

/// <summary>The dead letters the caller may see, newest first.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ListDeadLetters(AccessScope Scope, IReadOnlyList<long> ProjectIds, int Limit) : IRequest<IReadOnlyList<DeadLetterRow>>;

/// <summary>A dead letter without its content.</summary>
/// <param name="Id">Our key of the event.</param>
/// <param name="EventId">The SDK's id.</param>
/// <param name="Project">Slug of the project.</param>
/// <param name="Title">Title of the event.</param>
/// <param name="Reason">Why the database refused it.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Bytes">Size of what is kept.</param>
public sealed record DeadLetterRow(
    Guid Id, Guid EventId, string Project, string Title, string Reason, DateTimeOffset ReceivedAt, long Bytes);

internal sealed class ListDeadLettersHandler(ErrorHubDbContext db) : IRequestHandler<ListDeadLetters, IReadOnlyList<DeadLetterRow>>
{
    public async Task<IReadOnlyList<DeadLetterRow>> Handle(ListDeadLetters request, CancellationToken cancellationToken)
    {
        var projects = db.Projects.VisibleTo(request.Scope);
        if (request.ProjectIds.Count > 0)
            projects = projects.Where(p => request.ProjectIds.Contains(p.Id));

        return await projects
            .Join(db.DeadLetters, p => p.Id, d => d.ProjectId, (p, d) => new { p.Slug, Letter = d })
            .OrderByDescending(d => d.Letter.Id)
            .Take(request.Limit)
            .Select(d => new DeadLetterRow(
                d.Letter.Id, d.Letter.EventId, d.Slug, d.Letter.Title, d.Letter.Reason, d.Letter.ReceivedAt, d.Letter.Record.Length))
            .ToListAsync(cancellationToken);
    }
}
