namespace ErrorHub.Web.Api;

/// <summary>Refuses the zero character in a query's values with 400: it means nothing in any of them, and PostgreSQL cannot hold it.</summary>
internal sealed class QueryTextFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var (name, values) in context.HttpContext.Request.Query)
        {
            if (values.ToString().Contains('\0', StringComparison.Ordinal))
                return new(ApiResults.BadRequest($"the value of {name.Replace("\0", "", StringComparison.Ordinal)} holds a zero character"));
        }

        return next(context);
    }
}
