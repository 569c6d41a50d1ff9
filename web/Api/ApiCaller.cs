using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using MediatR;

namespace ErrorHub.Web.Api;

/// <summary>Sends use cases as the caller of this request, and reads the ids that addresses of the API carry.</summary>
internal sealed class ApiCaller(CallerScope caller, UseCaseSender useCases)
{
    /// <summary>Sends the use case that the caller's scope makes.</summary>
    public async Task<T> SendAsync<T>(Func<AccessScope, IRequest<T>> useCase, CancellationToken cancellationToken) =>
        await useCases.SendAsync(useCase(await caller.GetAsync(cancellationToken)), cancellationToken);

    /// <summary>The project of a slug or number; null when the caller sees no such project.</summary>
    public Task<ProjectName?> FindProjectAsync(string slugOrId, CancellationToken cancellationToken) =>
        SendAsync(scope => new FindProject(scope, slugOrId), cancellationToken);

    /// <summary>The issue of an id or a short id such as SHOP-12, or the one it was merged into; null when the text is neither.</summary>
    public async Task<Guid?> FindIssueIdAsync(string text, CancellationToken cancellationToken) => Guid.TryParse(text, out var id)
        ? await SendAsync(scope => new FindMergedIssue(scope, id), cancellationToken) ?? id
        : await SendAsync(scope => new FindIssueByShortId(scope, text), cancellationToken);

    /// <summary>The issue of an id or a short id, but not the one it was merged into; null when the text is neither.</summary>
    public async Task<Guid?> FindUnmergedIssueIdAsync(string text, CancellationToken cancellationToken) => Guid.TryParse(text, out var id)
        ? id
        : await SendAsync(scope => new FindIssueByShortId(scope, text, FollowMerges: false), cancellationToken);
}
