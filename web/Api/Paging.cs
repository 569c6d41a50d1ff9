using System.Globalization;
using ErrorHub.Web.Hosting;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace ErrorHub.Web.Api;

/// <summary>Pages of lists as Sentry's API has them: <c>limit</c>, <c>cursor</c> and the Link header.</summary>
internal static class Paging
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    /// <summary>Reads <c>limit</c>; false when it is not a number from 1 to 100.</summary>
    public static bool TryReadLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    /// <summary>The answer to a limit that cannot be read.</summary>
    public static IResult WrongLimit { get; } = ApiResults.BadRequest($"limit: write a number from 1 to {MaxLimit}");

    /// <summary>
    /// Says where the pages before and after are. Both links are always there, since Sentry's tools look for them; results says
    /// whether something is behind one.
    /// </summary>
    public static void WriteLinks(HttpContext context, PublicAddress address, string? previous, string? next) =>
        context.Response.Headers.Link = $"{Link(context, address, "previous", previous)}, {Link(context, address, "next", next)}";

    private static string Link(HttpContext context, PublicAddress address, string rel, string? cursor)
    {
        var query = new QueryBuilder();
        foreach (var (key, values) in QueryHelpers.ParseQuery(context.Request.QueryString.Value))
        {
            if (key != "cursor")
                query.Add(key, values.OfType<string>());
        }

        query.Add("cursor", cursor ?? "");
        // Encoded, so that nothing in the caller's own query can end the address or the header.
        var path = context.Request.PathBase + context.Request.Path;
        return $"<{address.BaseUrl}{path.ToUriComponent()}{query}>; rel=\"{rel}\"; results=\"{(cursor is null ? "false" : "true")}\"; cursor=\"{cursor}\"";
    }
}
