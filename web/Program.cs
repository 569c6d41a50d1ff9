using ErrorHub.Accounts;
using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.RateLimiting;
using ErrorHub.Retention;
using ErrorHub.Sessions;
using ErrorHub.Similarity;
using ErrorHub.SourceMaps;
using ErrorHub.Storage.Sqlite.Spool;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Api;
using ErrorHub.Web.Hosting;
using ErrorHub.Web.Ingest;
using ErrorHub.Web.Jobs;
using ErrorHub.Web.Operations;
using ErrorHub.Web.Projects;
using ErrorHub.Web.Shared;

namespace ErrorHub.Web;

/// <summary>Composition only: one line per capability, one line per feature. What the program can be told is in <see cref="CommandLine"/>.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args);

    /// <summary>The whole application, not yet started. Commands that serve nothing use its services only.</summary>
    /// <param name="args">Configuration from the command line, such as <c>--urls http://0.0.0.0:9000</c>.</param>
    /// <param name="customize">Last word over the services, for tests.</param>
    /// <exception cref="StartException">A setting is wrong; the message says which and what to do.</exception>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = AppHost.CreateBuilder(args);
        var installation = builder.AddInstallation();

        builder.AddDatabase(installation);
        builder.Services.AddUseCases();
        builder.Services.AddRetention();
        builder.Services.AddProjects();
        builder.Services.AddAccounts();
        builder.Services.AddRateLimiting();
        builder.Services.AddAttachments(installation.DataDirectory);
        builder.Services.AddSourceMaps(installation.DataDirectory);
        builder.Services.AddFeedback();
        builder.Services.AddIngest(installation.DataDirectory);
        builder.Services.AddEventSpool(installation.DataDirectory);
        // After the batcher of events, for it stops in reverse: what this counts at the end, that still writes.
        builder.Services.AddSessions();
        builder.Services.AddSimilarity();
        builder.Services.AddIngestEndpoints();
        builder.Services.AddAccountWeb();
        builder.Services.AddPages();
        builder.Services.AddApi();
        builder.Services.AddOperations();
        if (installation.Roles.HasFlag(HostRoles.Worker))
            builder.AddJobs();

        customize?.Invoke(builder);
        var app = builder.Build();

        app.UseConnectionLimit();
        app.UseApiEdge();
        app.UseDatabaseAwayPage();
        app.UseNotFoundPage();
        app.UseSecurityHeaders();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();

        app.MapOperations();
        app.MapUnknownApi();
        if (installation.Roles.HasFlag(HostRoles.Ingest))
            app.MapIngest();

        if (installation.Roles.HasFlag(HostRoles.Web))
        {
            app.MapPages();
            app.MapAccount();
            app.MapProjects();
            app.MapApi();
        }

        return app;
    }
}
