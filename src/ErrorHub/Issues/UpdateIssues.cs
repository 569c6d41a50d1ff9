using ErrorHub.Accounts;
using MediatR;

namespace ErrorHub.Issues;

/// <summary>
/// Changes issues, one or many at once; ids the caller does not see are left out. Each change is in the issue's history and in
/// the activity log.
/// </summary>
/// <param name="Scope">Who changes, and what they may see.</param>
/// <param name="IssueIds">The issues, at most 1,000.</param>
/// <param name="Status">New state; null to leave it.</param>
/// <param name="Assignment">New assignee; null to leave it.</param>
public sealed record UpdateIssues(
    AccessScope Scope, IReadOnlyList<Guid> IssueIds, IssueStatus? Status, Assignment? Assignment) : IRequest<IReadOnlyList<Guid>>;

/// <summary>Whom to assign to; null to take the assignment away.</summary>
/// <param name="UserId">The person.</param>
public sealed record Assignment(Guid? UserId);

/// <summary>Deletes an issue with its events; the next event of the fault is a new issue. False when the caller sees no such issue.</summary>
/// <param name="Scope">Who deletes.</param>
/// <param name="IssueId">The issue.</param>
public sealed record DeleteIssue(AccessScope Scope, Guid IssueId) : IRequest<bool>;
