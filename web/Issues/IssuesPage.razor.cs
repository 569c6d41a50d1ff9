using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Releases;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace ErrorHub.Web.Issues;

/// <summary>The list: everything it shows is in the address.</summary>
public sealed partial class IssuesPage
{
    private const int PageSize = 50;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [Inject]
    private UseCaseSender UseCases { get; set; } = null!;

    [Inject]
    private CallerScope Caller { get; set; } = null!;

    private IssueFilter Filter { get; set; } = null!;

    /// <summary>Null until everything the page shows is read.</summary>
    private IssuePage? Page { get; set; }

    private IssueTotals Totals { get; set; } = null!;

    private IReadOnlyList<ProjectRow> AllProjects { get; set; } = [];

    private IReadOnlyList<string> Environments { get; set; } = [];

    private bool ShowProject => AllProjects.Count > 1 && Filter.Projects.Count != 1;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var cancellationToken = HttpContext.RequestAborted;
        Filter = IssueFilter.Of(HttpContext.Request.Query);
        var scope = await Caller.GetAsync(cancellationToken);
        AllProjects = await UseCases.SendAsync(new ListProjects(scope), cancellationToken);
        var projectIds = IdsOf(Filter.Projects, AllProjects);
        Environments = await UseCases.SendAsync(new ListEnvironments(scope, projectIds), cancellationToken);
        Totals = await UseCases.SendAsync(
            new GetIssueTotals(scope, projectIds, Filter.Environment, Filter.PeriodLength), cancellationToken);
        Page = await UseCases.SendAsync(
            new SearchIssues(scope, projectIds, Filter.Environment, Filter.FullQuery, Filter.Sort, Filter.PeriodLength, Filter.Cursor, PageSize),
            cancellationToken);
    }

    /// <summary>
    /// Ids of the projects asked for, by slug or number. One that the caller does not see becomes 0, which matches nothing: an
    /// empty list would show everything instead.
    /// </summary>
    internal static IReadOnlyList<long> IdsOf(IReadOnlyList<string> asked, IReadOnlyList<ProjectRow> projects) =>
    [
        .. asked.Select(a => projects.FirstOrDefault(p => p.Slug == a || p.Id.ToString(null, null) == a)?.Id ?? 0),
    ];

    private string? UrlOf(string? cursor) => cursor is null ? null : Urls.IssueList(Filter with { Cursor = cursor });

    // The totals know nothing of the search box; numbers that contradict the list below are worse than none.
    private long? CountOf(IssueTab tab) => Filter.Query.Length > 0 ? null : tab switch
    {
        IssueTab.Unresolved => Totals.Unresolved,
        IssueTab.Review => Totals.New + Totals.Regressed,
        IssueTab.Archived => Totals.Archived,
        IssueTab.Resolved => Totals.Resolved,
        _ => Totals.All,
    };
}
