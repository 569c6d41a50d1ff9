using System.Globalization;
using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>The project of a slug or number, as addresses of the API name it; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="SlugOrId">Slug, or number in decimal digits.</param>
public sealed record FindProject(AccessScope Scope, string SlugOrId) : IRequest<ProjectName?>;

/// <summary>A project by its names.</summary>
/// <param name="Id">Number in the DSN.</param>
/// <param name="Slug">Name in addresses.</param>
/// <param name="Name">Name for people.</param>
public sealed record ProjectName(long Id, string Slug, string Name);

internal sealed class FindProjectHandler(ErrorHubDbContext db) : IRequestHandler<FindProject, ProjectName?>
{
    public Task<ProjectName?> Handle(FindProject request, CancellationToken cancellationToken)
    {
        var visible = db.Projects.AsNoTracking().VisibleTo(request.Scope);
        var found = long.TryParse(request.SlugOrId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? visible.Where(p => p.Id == id)
            : visible.Where(p => p.Slug == request.SlugOrId);
        return found.Select(p => new ProjectName(p.Id, p.Slug, p.Name)).FirstOrDefaultAsync(cancellationToken);
    }
}
