using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>How a project's events are scrubbed; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetScrubbing(AccessScope Scope, string Slug) : IRequest<ProjectScrubbing?>;

/// <summary>The settings of a project.</summary>
/// <param name="Settings">In force.</param>
/// <param name="IsUnreadable">True when what was saved cannot be used and the default is in force instead.</param>
public sealed record ProjectScrubbing(ScrubbingSettings Settings, bool IsUnreadable)
{
    internal static ProjectScrubbing Of(string? saved)
    {
        try
        {
            var settings = ScrubbingSettings.Parse(saved);
            return ScrubbingPolicy.Check(settings).Count == 0 ? new ProjectScrubbing(settings, false) : new ProjectScrubbing(ScrubbingSettings.Default, true);
        }
        catch (JsonException)
        {
            return new ProjectScrubbing(ScrubbingSettings.Default, true);
        }
    }
}

internal sealed class GetScrubbingHandler(ErrorHubDbContext db) : IRequestHandler<GetScrubbing, ProjectScrubbing?>
{
    public async Task<ProjectScrubbing?> Handle(GetScrubbing request, CancellationToken cancellationToken)
    {
        var found = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug)
            .Select(p => new { p.Scrubbing }).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : ProjectScrubbing.Of(found.Scrubbing);
    }
}
