using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Search;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The order of an issue list; ties are broken by id.</summary>
public enum IssueSort : byte
{
    /// <summary><c>severity</c>: worst first, newest first inside one severity. The page's default.</summary>
    Severity,

    /// <summary><c>date</c>: last seen. The API's default.</summary>
    LastSeen,

    /// <summary><c>new</c>: first seen.</summary>
    FirstSeen,

    /// <summary><c>freq</c>: events.</summary>
    Events,

    /// <summary><c>user</c>: users affected.</summary>
    Users,

    /// <summary><c>trends</c>: events in the last 24 hours.</summary>
    Trends,
}

/// <summary>A page of issues.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees. Foreign ids match nothing.</param>
/// <param name="Environment">Only issues with events in this environment, and their counts there; null for all.</param>
/// <param name="Query">The search box, such as <c>is:unresolved level:error checkout</c>; empty for everything.</param>
/// <param name="Sort">Order.</param>
/// <param name="Period">Only issues seen in this time up to now; null for all. Counts are those of the period.</param>
/// <param name="Cursor">From <see cref="IssuePage.Next"/> or <see cref="IssuePage.Previous"/>; null for the first page.</param>
/// <param name="Limit">Rows, 1 to 100.</param>
public sealed record SearchIssues(
    AccessScope Scope, IReadOnlyList<long> ProjectIds, string? Environment, string Query, IssueSort Sort, TimeSpan? Period,
    string? Cursor, int Limit) : IRequest<IssuePage>;

/// <summary>Rows of one page and the way to its neighbours.</summary>
/// <param name="Rows">The issues.</param>
/// <param name="Previous">Cursor of the page before; null on the first.</param>
/// <param name="Next">Cursor of the page after; null on the last.</param>
/// <param name="QueryError">What is wrong with the query or cursor, for people; null when nothing is. There are no rows then.</param>
public sealed record IssuePage(IReadOnlyList<IssueRow> Rows, string? Previous, string? Next, string? QueryError);

/// <summary>What a list shows of an issue.</summary>
public sealed record IssueRow
{
    /// <summary>The issue.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Slug of the project.</summary>
    public required string ProjectSlug { get; init; }

    /// <summary>Name of the project.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Such as <c>SHOP-12</c>.</summary>
    public required string ShortId { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>Exception type; null for messages.</summary>
    public string? Type { get; init; }

    /// <summary>Exception value or message.</summary>
    public string? Value { get; init; }

    /// <summary>Where.</summary>
    public required string Culprit { get; init; }

    /// <summary>File of the crash frame.</summary>
    public string? Filename { get; init; }

    /// <summary>Function of the crash frame.</summary>
    public string? Function { get; init; }

    /// <summary>Level.</summary>
    public required SentryLevel Level { get; init; }

    /// <summary>Platform.</summary>
    public required string Platform { get; init; }

    /// <summary>Logger.</summary>
    public string? Logger { get; init; }

    /// <summary>False when the newest event was unhandled.</summary>
    public bool? Handled { get; init; }

    /// <summary>Severity and why.</summary>
    public required IssueSeverity Severity { get; init; }

    /// <summary>State.</summary>
    public required IssueStatus Status { get; init; }

    /// <summary>Why it is in that state.</summary>
    public required IssueSubstatus Substatus { get; init; }

    /// <summary>How often it came back.</summary>
    public required int Regressions { get; init; }

    /// <summary>Environment of the newest event; empty when none.</summary>
    public required string Environment { get; init; }

    /// <summary>Release of the first event; empty when none.</summary>
    public required string FirstRelease { get; init; }

    /// <summary>Release of the newest event; empty when none.</summary>
    public required string LastRelease { get; init; }

    /// <summary>Events in the period and environment asked for.</summary>
    public required long Events { get; init; }

    /// <summary>Events ever.</summary>
    public required long TotalEvents { get; init; }

    /// <summary>Those of them whose bodies were kept; fewer than <see cref="TotalEvents"/> after a storm.</summary>
    public required long KeptEvents { get; init; }

    /// <summary>Users affected, ever.</summary>
    public required long Users { get; init; }

    /// <summary>First seen.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Last seen.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Events of the last 24 hours, oldest hour first, 24 numbers, the last one the running hour.</summary>
    public required IReadOnlyList<long> Last24Hours { get; init; }

    /// <summary>Who looks after it.</summary>
    public Guid? AssigneeId { get; init; }

    /// <summary>Name of that person.</summary>
    public string? AssigneeName { get; init; }
}

internal sealed class SearchIssuesHandler(ErrorHubDbContext db, ISearchDialect dialect, TimeProvider time)
    : IRequestHandler<SearchIssues, IssuePage>
{
    public async Task<IssuePage> Handle(SearchIssues request, CancellationToken cancellationToken)
    {
        if (!IssueQuery.TryParse(request.Query, out var query, out var error))
            return Refused(error.ToString());

        PageCursor? cursor = null;
        if (request.Cursor is { } text)
        {
            if (!PageCursor.TryParse(text, (byte)request.Sort, out var parsed))
                return Refused("The cursor is not one of this list. Leave it out to begin at the first page.");

            cursor = parsed;
        }

        var projects = await IssueRows.ProjectsAsync(db.Projects.VisibleTo(request.Scope), request.ProjectIds, cancellationToken);
        if (projects.Count == 0)
            return new IssuePage([], null, null, null);

        var now = time.GetUtcNow();
        var since = now - request.Period;
        var environment = string.IsNullOrEmpty(request.Environment) ? null : request.Environment;
        var filter = new IssueQueryFilter(db, dialect, now, request.Scope.Actor.UserId);
        var issues = filter.Apply(db.IssuesSeen([.. projects.Keys], environment, since), query);

        var window = since is null && environment is null ? null : db.HoursSince(since, environment);
        var limit = Math.Clamp(request.Limit, 1, 100);
        var found = await issues
            .Rank(request.Sort, window, db.HoursSince(now.AddHours(-23), environment))
            .From(request.Sort, cursor)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);

        var (page, previous, next) = KeysetPage.Cut(
            found, limit, cursor, (row, backwards) => new PageCursor((byte)request.Sort, backwards, row.Score, row.At, row.Issue.Id));
        var rows = await new IssueRows(db, now)
            .ReadAsync([.. page.Select(r => r.Issue)], projects, since, environment, cancellationToken);
        return new IssuePage(rows, previous, next, null);
    }

    private static IssuePage Refused(string problem) => new([], null, null, problem);
}
