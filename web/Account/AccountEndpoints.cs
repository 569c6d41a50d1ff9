using ErrorHub.Accounts;
using ErrorHub.UseCases;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace ErrorHub.Web.Account;

/// <summary>What of accounts is not a page.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder app) =>
        app.MapPost(Urls.Logout, LogOutAsync).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();

    private static async Task<Results<RedirectHttpResult, BadRequest>> LogOutAsync(
        HttpContext context, IAntiforgery antiforgery, CallerScope caller, UseCaseSender useCases, SignInManager<User> signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();

        await useCases.SendAsync(new LogOut(await caller.GetAsync(context.RequestAborted)), context.RequestAborted);
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect(Urls.Login);
    }
}
