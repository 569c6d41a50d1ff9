using ErrorHub.DeadLetters;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ErrorHub.Web.Stats;

/// <summary>What the buttons beside a dead letter post; answered by a way back, so that a reload repeats nothing.</summary>
internal static class DeadLetterActions
{
    public static void MapDeadLetterActions(this IEndpointRouteBuilder app) => app
        .MapPost(Urls.DeadLetterActions, ActAsync)
        .RequireAuthorization(Policies.SignedIn)
        .ExcludeFromDescription();

    internal static async Task<Results<RedirectHttpResult, BadRequest>> ActAsync(
        [FromForm] DeadLetterForm form, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken)
    {
        var scope = await caller.GetAsync(cancellationToken);
        switch (form.Act)
        {
            case "replay": await useCases.SendAsync(new ReplayDeadLetter(scope, form.Id), cancellationToken); break;
            case "discard": await useCases.SendAsync(new DiscardDeadLetter(scope, form.Id), cancellationToken); break;
            default: return TypedResults.BadRequest();
        }

        return TypedResults.LocalRedirect(Urls.LocalOr(form.Back, Urls.Stats));
    }
}

/// <summary>The fields of those forms.</summary>
internal sealed class DeadLetterForm
{
    public Guid Id { get; set; }

    public string? Act { get; set; }

    /// <summary>Where the form was.</summary>
    public string? Back { get; set; }
}
