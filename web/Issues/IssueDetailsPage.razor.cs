using ErrorHub.Attachments;
using ErrorHub.Events;
using ErrorHub.Feedback;
using ErrorHub.Issues;
using ErrorHub.Protocol;
using ErrorHub.Similarity;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace ErrorHub.Web.Issues;

/// <summary>An issue with one of its events: the newest unless the address names another.</summary>
public sealed partial class IssueDetailsPage
{
    private const int MaxSimilar = 5;

    /// <summary>The issue.</summary>
    [Parameter]
    public Guid IssueId { get; set; }

    /// <summary>The SDK's id of the event, <c>latest</c> or <c>oldest</c>; null for the newest.</summary>
    [Parameter]
    public string? EventKey { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = null!;

    [Inject]
    private UseCaseSender UseCases { get; set; } = null!;

    [Inject]
    private CallerScope Caller { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IssueDetails? Issue { get; set; }

    private EventDetails? Event { get; set; }

    private IReadOnlyList<AttachmentRow> Attachments { get; set; } = [];

    private IReadOnlyList<IssueHashRow> Hashes { get; set; } = [];

    private IReadOnlyList<FeedbackRow> Feedback { get; set; } = [];

    private IReadOnlyList<SimilarIssue> Similar { get; set; } = [];

    private string Here => HttpContext.Request.Path;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var cancellationToken = HttpContext.RequestAborted;
        var scope = await Caller.GetAsync(cancellationToken);
        var (isKnown, position, eventId) = Read(EventKey);
        var issue = isKnown ? await UseCases.SendAsync(new GetIssue(scope, IssueId), cancellationToken) : null;
        Event = issue is null
            ? null
            : await UseCases.SendAsync(new GetIssueEvent(scope, IssueId, position, eventId), cancellationToken);
        if (Event is { Summary: var shown })
        {
            Attachments = await UseCases.SendAsync(new ListAttachments(scope, shown.ProjectId, shown.EventId), cancellationToken) ?? [];
            Feedback = await UseCases.SendAsync(new ListFeedbackOfEvent(scope, shown.ProjectId, shown.EventId), cancellationToken);
        }

        if (issue is { Hashes: > 1 })
            Hashes = await UseCases.SendAsync(new GetIssueHashes(scope, IssueId), cancellationToken) ?? [];

        // An event asked for by its id must be there; an issue whose events have all expired still has a page.
        if (issue is not null)
            Similar = await UseCases.SendAsync(new FindSimilarIssues(scope, IssueId, MaxSimilar), cancellationToken) ?? [];

        Issue = Event is null && eventId is not null ? null : issue;
        if (Issue is not null)
            return;

        if (issue is null && await UseCases.SendAsync(new FindMergedIssue(scope, IssueId), cancellationToken) is { } target)
            Navigation.NavigateTo(Urls.Issue(target) + (EventKey is null ? "" : "/events/" + Uri.EscapeDataString(EventKey)));
        else
            Navigation.NotFound();
    }

    private static (bool IsKnown, EventPosition Position, SentryId? EventId) Read(string? key) => key switch
    {
        null or "latest" => (true, EventPosition.Latest, null),
        "oldest" => (true, EventPosition.Oldest, null),
        _ when SentryId.TryParse(key, out var id) => (true, EventPosition.Latest, id),
        _ => (false, default, null),
    };
}
