using ErrorHub.Accounts;
using ErrorHub.Grouping.Rules;
using ErrorHub.Projects;
using ErrorHub.Regrouping;
using ErrorHub.Scrubbing;
using ErrorHub.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Components;

namespace ErrorHub.Web.Projects;

/// <summary>The page on which a project's owner writes rules of grouping, tries them, applies them and takes them back.</summary>
public sealed partial class GroupingPage
{
    private const string Placeholder = """
        # Whoever retries is not at fault.
        function:with_retry* fold
        # Every time the database is away is one issue.
        type:*Timeout* value:"*shard*" -> database-away title="Database away"
        """;

    private AccessScope _scope = AccessScope.Nobody;
    private ProjectRow? _project;
    private ProjectGroupingRules? _grouping;
    private GroupingChangeDetails? _change;
    private IReadOnlyList<SettingProblem> _problems = [];
    private string? _problem;

    /// <summary>The project.</summary>
    [Parameter]
    public required string Slug { get; set; }

    /// <summary>The change to show; null for none.</summary>
    [SupplyParameterFromQuery(Name = "change")]
    public Guid? ChangeId { get; set; }

    /// <summary>What was done a moment ago: <c>applied</c> or <c>undone</c>.</summary>
    [SupplyParameterFromQuery(Name = "done")]
    public string? Done { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "grouping", Name = "Form")]
    private GroupingForm? Typed { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _scope = await Caller.GetAsync(HttpContext.RequestAborted);
        _project = await UseCases.SendAsync(new GetProject(_scope, Slug), HttpContext.RequestAborted);
        _grouping = await UseCases.SendAsync(new GetGroupingRules(_scope, Slug), HttpContext.RequestAborted);
        if (_project is null || _grouping is null)
        {
            Navigation.NotFound();
            return;
        }

        if (ChangeId is { } id)
            _change = await UseCases.SendAsync(new GetGroupingChange(_scope, Slug, id), HttpContext.RequestAborted);
    }

    private static string WordOf(GroupingChangeState state) => state switch
    {
        GroupingChangeState.Tried => "tried",
        GroupingChangeState.Applying => "interrupted",
        GroupingChangeState.Applied => "applied",
        GroupingChangeState.Undoing => "interrupted",
        _ => "taken back",
    };

    // Only the last one can be taken back; one that was interrupted goes on.
    private (string Value, string Word)? VerbOf(GroupingChange change) => change.State switch
    {
        GroupingChangeState.Applying => ("apply", "Go on"),
        GroupingChangeState.Undoing => ("undo", "Go on taking it back"),
        GroupingChangeState.Applied when (change.After ?? "") == _grouping!.Rules => ("undo", "Undo"),
        _ => null,
    };

    private async Task TryAsync()
    {
        GroupingRules.Read(Typed!.Rules, out var problems);
        _problems = [.. problems.Select(p => new SettingProblem("rules", p.Line, p.Text))];
        if (_problems.Count > 0)
        {
            _problem = "There is nothing to try: see what is wrong below.";
            return;
        }

        var result = await UseCases.SendAsync(new TryGroupingRules(_scope, Slug, Typed.Rules, Typed.Days ?? 7), HttpContext.RequestAborted);
        if (result.Value is { } tried)
            Navigation.NavigateTo($"{Urls.ProjectGrouping(Slug)}?change={tried.Change.Id}#plan");

        _problem = result.Problem;
    }

    private async Task GoOnAsync(Guid id, string verb)
    {
        IRequest<ChangeResult<GroupingChangeDetails>> request =
            verb == "apply" ? new ApplyGroupingChange(_scope, Slug, id) : new UndoGroupingChange(_scope, Slug, id);
        var result = await UseCases.SendAsync(request, HttpContext.RequestAborted);
        if (result.Value is not null)
            Navigation.NavigateTo($"{Urls.ProjectGrouping(Slug)}?done={(verb == "apply" ? "applied" : "undone")}");

        _problem = result.Problem;
    }
}

/// <summary>The rules as they were typed.</summary>
internal sealed class GroupingForm
{
    public string? Rules { get; set; }

    public int? Days { get; set; }
}
