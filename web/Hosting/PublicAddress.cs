using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ErrorHub.Web.Hosting;

/// <summary>The address that links and DSNs carry: the configured one, else the first this process listens on.</summary>
internal sealed class PublicAddress(InstallationOptions installation, IServer server, IConfiguration configuration)
{
    /// <summary>Scheme, host, port and path, without a slash at the end.</summary>
    public string BaseUrl => (installation.BaseUrl?.ToString() ?? Listening ?? AppHost.DefaultUrl).TrimEnd('/');

    /// <summary>What an SDK is given: <c>http://{key}@{host}/{project}</c>.</summary>
    public string DsnOf(long projectId, string publicKey)
    {
        var (scheme, rest) = BaseUrl.Split("://", 2) switch { var parts => (parts[0], parts[1]) };
        return $"{scheme}://{publicKey}@{rest}/{projectId}";
    }

    // Before the start only the configured addresses are known; after it also the port that 0 became.
    private string? Listening
    {
        get
        {
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? configuration["urls"]?.Split(';', 2)[0];
            // A wildcard is where we listen, not a host that a browser can open.
            return address?.Replace("://+", "://localhost", StringComparison.Ordinal)
                .Replace("://*", "://localhost", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
                .Replace("://[::]", "://localhost", StringComparison.Ordinal);
        }
    }
}
