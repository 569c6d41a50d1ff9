using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Shared;

/// <summary>
/// Light, dark, or as the system says. Kept in a cookie, so that the server writes the theme into the first byte of the page:
/// no flash, no inline script, and it works with JavaScript off.
/// </summary>
internal static class Theme
{
    private const string Cookie = "errorhub.theme";

    /// <summary><c>light</c>, <c>dark</c>, or null for the system's.</summary>
    public static string? Of(HttpContext context) => context.Request.Cookies[Cookie] is "light" or "dark"
        ? context.Request.Cookies[Cookie]
        : null;

    /// <summary>Sets the cookie and goes back to the page the form was on.</summary>
    public static async Task<Results<RedirectHttpResult, BadRequest>> SetAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return TypedResults.BadRequest();

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var options = new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true,
            // Script may read it: the theme is no secret, and the page's script switches it without a round trip.
            HttpOnly = false,
        };
        if (form["theme"].ToString() is "light" or "dark")
            context.Response.Cookies.Append(Cookie, form["theme"].ToString(), options);
        else
            context.Response.Cookies.Delete(Cookie);

        return TypedResults.LocalRedirect(Local(form["back"].ToString()));
    }

    // "//evil.example" and "/\evil.example" are other hosts to a browser.
    private static string Local(string path) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') ? path : Urls.Issues;
}
