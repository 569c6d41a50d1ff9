using ErrorHub.Projects;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Api;

/// <summary>An error as Sentry's API words it.</summary>
/// <param name="Detail">What is wrong, for people.</param>
internal sealed record ErrorJson(string Detail);

/// <summary>The answers that are not the thing asked for.</summary>
internal static class ApiResults
{
    /// <summary>The same for what is not there and for what is not the caller's to see.</summary>
    public static IResult NotFound() => Error(StatusCodes.Status404NotFound, "The requested resource does not exist");

    public static IResult BadRequest(string detail) => Error(StatusCodes.Status400BadRequest, detail);

    /// <summary>Why a change was refused.</summary>
    public static IResult Of<T>(ChangeResult<T> refused)
        where T : class => refused.Refusal switch
        {
            Refusal.Forbidden => Error(StatusCodes.Status403Forbidden, refused.Problem!),
            Refusal.Invalid => Error(StatusCodes.Status400BadRequest, refused.Problem!),
            Refusal.Conflict => Error(StatusCodes.Status409Conflict, refused.Problem!),
            _ => NotFound(),
        };

    private static JsonHttpResult<ErrorJson> Error(int status, string detail) => TypedResults.Json(new ErrorJson(detail), statusCode: status);
}
