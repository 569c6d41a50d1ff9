using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Makes a project with one key. Owners only.</summary>
/// <param name="Scope">Who makes it.</param>
/// <param name="Name">Name for people, 1 to 128 characters.</param>
/// <param name="Slug">Name in addresses; null to derive it from the name, made unique by a number.</param>
/// <param name="Platform">Platform; null for none.</param>
/// <param name="PublicKey">32 lower-case hex digits for its first key; null for a random one.</param>
public sealed record CreateProject(AccessScope Scope, string Name, string? Slug, string? Platform, string? PublicKey = null)
    : IRequest<ChangeResult<ProjectRow>>, IChange;

internal sealed class CreateProjectHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<CreateProject, ChangeResult<ProjectRow>>
{
    // Someone else may take the same number or derived slug between our look and our insert.
    private const int Attempts = 5;

    public async Task<ChangeResult<ProjectRow>> Handle(CreateProject request, CancellationToken cancellationToken)
    {
        if (!request.Scope.IsOwner)
            return ChangeResult<ProjectRow>.Forbidden();
        var name = request.Name.Trim();
        if (Problem(name, request) is { } problem)
            return ChangeResult<ProjectRow>.Invalid(problem);

        for (var attempt = 1; ; attempt++)
        {
            var slug = request.Slug ?? await FreeSlugAsync(ProjectSlug.From(name), cancellationToken);
            if (await db.Projects.AnyAsync(p => p.Slug == slug, cancellationToken))
                return ChangeResult<ProjectRow>.Conflict($"There is a project '{slug}' already; choose another slug.");
            if (request.PublicKey is { } given && await db.ProjectKeys.AnyAsync(k => k.PublicKey == given, cancellationToken))
                return ChangeResult<ProjectRow>.Conflict("This key belongs to another project; leave it out to get a random one.");
            var project = await AddAsync(request, name, slug, cancellationToken);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return ChangeResult<ProjectRow>.Done(new ProjectRow(
                    project.Id, slug, name, project.Platform, project.CreatedAt, null, null, null));
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<Project> AddAsync(CreateProject request, string name, string slug, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var project = new Project
        {
            // Deleted projects keep their row, so a number is never given twice.
            Id = 1 + (await db.Projects.MaxAsync(p => (long?)p.Id, cancellationToken) ?? 0),
            Slug = slug,
            Name = name,
            Platform = string.IsNullOrWhiteSpace(request.Platform) ? null : request.Platform.Trim(),
            CreatedAt = now,
        };
        db.Projects.Add(project);
        db.ProjectKeys.Add(new ProjectKey
        {
            ProjectId = project.Id,
            Id = Guid.CreateVersion7(now),
            PublicKey = request.PublicKey ?? ProjectKey.NewPublicKey(),
            Name = "Default",
            IsActive = true,
            CreatedAt = now,
        });
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, now, "project.created", slug, project.Id, name));
        return project;
    }

    private async Task<string> FreeSlugAsync(string wanted, CancellationToken cancellationToken)
    {
        var taken = await db.Projects.Where(p => p.Slug.StartsWith(wanted)).Select(p => p.Slug).ToHashSetAsync(cancellationToken);
        var number = 2;
        var slug = wanted;
        while (taken.Contains(slug))
            slug = $"{wanted}-{number++}";
        return slug;
    }

    private static string? Problem(string name, CreateProject request) => request switch
    {
        _ when name.Length is 0 or > 128 => "The name must have 1 to 128 characters.",
        { Slug: { } slug } when !ProjectSlug.IsValid(slug) => ProjectSlug.Rule,
        { Platform.Length: > 64 } => "The platform must have at most 64 characters.",
        { PublicKey: { } key } when !ProjectKey.IsPublicKey(key) => "The key must have 32 lower-case hexadecimal digits.",
        _ => null,
    };
}
