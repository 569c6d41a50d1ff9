using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace ErrorHub.Web.Account;

/// <summary>Slows down guessing over many accounts from one place; the lock on each account is <c>LogIn</c>'s.</summary>
internal static class LoginRateLimit
{
    /// <summary>Name of the policy, for <c>[EnableRateLimiting]</c> on pages with a password form.</summary>
    public const string Policy = "login";

    private const int TriesPerMinute = 30;

    // Bounds the memory: an attacker with a whole IPv6 network shares these buckets instead of making new ones.
    private const int Buckets = 4_096;

    public static void AddLoginRateLimit(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static async (context, cancellationToken) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "60";
            await context.HttpContext.Response.WriteAsync("Too many tries. Wait a minute and try again.", cancellationToken);
        };
        options.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(BucketOf(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = TriesPerMinute,
                Window = TimeSpan.FromMinutes(1),
            })
            : RateLimitPartition.GetNoLimiter(-1));
    });

    /// <summary>The bucket of an address; of IPv6 the first 64 bits, since the rest is the user's to choose.</summary>
    internal static int BucketOf(IPAddress? address)
    {
        var bytes = (address ?? IPAddress.None).GetAddressBytes();
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
            bytes = bytes[..8];
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return (hash.ToHashCode() & int.MaxValue) % Buckets;
    }
}
