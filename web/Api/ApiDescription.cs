using Microsoft.OpenApi;

namespace ErrorHub.Web.Api;

/// <summary>The OpenAPI document: the web API alone, with its bearer tokens.</summary>
internal static class ApiDescription
{
    private const string Scheme = "token";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/0", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "ErrorHub";
            document.Info.Description = "Sentry's shapes for Sentry's tools. What is ErrorHub's own stands under the key errorhub. "
                + "Lists are paged by the Link header: follow rel=\"next\" while its results are \"true\".";
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API token from the settings page.",
                },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
    });

    /// <summary>What an endpoint is for and what it answers; the errors every endpoint shares are added.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(
        this RouteHandlerBuilder endpoint, string tag, string summary, int status = StatusCodes.Status200OK)
    {
        endpoint.WithTags(tag).WithSummary(summary).Produces<TAnswer>(status);
        foreach (var error in (int[])[400, 401, 403, 404])
            endpoint.Produces<ErrorJson>(error);

        return endpoint;
    }

    /// <summary>The JSON a request carries. Described only: Accepts would refuse scripts that send JSON under another content type.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(TBody), null, cancellationToken) },
                },
            });
}
