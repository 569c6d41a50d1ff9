using Microsoft.AspNetCore.Http.Json;

namespace ErrorHub.Web.Api;

/// <summary>The web API under /api/0/: bearer tokens, JSON in Sentry's shape (contract.md 4), described at /openapi/v1.json.</summary>
internal static class ApiModule
{
    /// <summary>Adds how times are written, and the description.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json => json.SerializerOptions.Converters.Add(new UtcTimeConverter()));
        services.AddScoped<ApiCaller>();
        services.AddApiDescription();
        return services;
    }

    /// <summary>Maps every route, and the description.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/0").AddEndpointFilter<OrganizationFilter>().AddEndpointFilter<QueryTextFilter>();
        api.MapOrganizationsApi();
        api.MapProjectsApi();
        api.MapScrubbingApi();
        api.MapGroupingApi();
        api.MapKeysApi();
        api.MapIssuesApi();
        api.MapEventsApi();
        api.MapAttachmentsApi();
        api.MapFeedbackApi();
        api.MapReleasesApi();
        api.MapChunksApi();
        api.MapStatsApi();
        api.MapSessionsApi();
        app.MapOpenApi("/openapi/{documentName}.json");
    }
}
