using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

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
    public static RedirectHttpResult Set(HttpContext context, [FromForm] string? theme, [FromForm] string? back)
    {
        var options = new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            IsEssential = true,
            // Script may read it: the theme is no secret, and the page's script switches it without a round trip.
            HttpOnly = false,
        };
        if (theme is "light" or "dark")
            context.Response.Cookies.Append(Cookie, theme, options);
        else
            context.Response.Cookies.Delete(Cookie);

        return TypedResults.LocalRedirect(Urls.LocalOr(back, Urls.Issues));
    }
}
