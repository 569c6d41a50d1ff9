using ErrorHub.Ingest;
using ErrorHub.Web.Account;
using ErrorHub.Web.Events;
using ErrorHub.Web.Issues;
using ErrorHub.Web.Jobs;
using ErrorHub.Web.Stats;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.FluentUI.AspNetCore.Components;

namespace ErrorHub.Web.Shared;

/// <summary>The pages: Blazor, rendered on the server, no circuits.</summary>
internal static class PagesModule
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddFluentUIComponents();
        services.AddSingleton<JobTrigger>();
        services.AddSingleton<IssueFeed>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<IssueFeed>());
        return services;
    }

    /// <summary>
    /// An unknown address shows a page that says so, with status 404. Under /api/ it stays what the endpoint wrote: JSON.
    /// </summary>
    public static IApplicationBuilder UseNotFoundPage(this IApplicationBuilder app) => app
        .UseStatusCodePagesWithReExecute(Urls.NotFound, createScopeForStatusCodePages: true)
        .Use(static (context, next) =>
        {
            if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path.StartsWithSegments("/api"))
                context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return next(context);
        });

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapStaticAssets();
        // Closed unless a page says [AllowAnonymous]: a new page cannot forget it.
        app.MapRazorComponents<App>().RequireAuthorization(Policies.SignedIn);
        app.MapIssueActions();
        app.MapIssuesLive();
        app.MapDeadLetterActions();
        app.MapEventPages();
        app.MapAttachmentPages();
        app.MapPost(Urls.Theme, Theme.Set).ExcludeFromDescription();
    }
}
