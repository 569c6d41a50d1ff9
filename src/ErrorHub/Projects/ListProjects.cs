using ErrorHub.Accounts;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>The projects the caller sees, by name.</summary>
/// <param name="Scope">What the caller may see.</param>
public sealed record ListProjects(AccessScope Scope) : IRequest<IReadOnlyList<ProjectRow>>;

/// <summary>One project by slug; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetProject(AccessScope Scope, string Slug) : IRequest<ProjectRow?>;

/// <summary>A project in lists.</summary>
/// <param name="Id">Number in the DSN.</param>
/// <param name="Slug">Name in addresses.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Platform">Platform; null when none was chosen.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="FirstEventAt">Receive time of its first event; null before.</param>
/// <param name="RetentionDays">Days events are kept; null for the installation's setting.</param>
/// <param name="UnresolvedIssues">Issues that need someone.</param>
/// <param name="Events24Hours">Events accepted in the last 24 hours.</param>
public sealed record ProjectRow(
    long Id, string Slug, string Name, string? Platform, DateTimeOffset CreatedAt, DateTimeOffset? FirstEventAt,
    short? RetentionDays, long UnresolvedIssues, long Events24Hours);
