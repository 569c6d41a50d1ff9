using System.Globalization;

namespace ErrorHub.Web.Hosting;

/// <summary>What one process does. Several processes with different roles can share one PostgreSQL.</summary>
[Flags]
internal enum HostRoles
{
    None = 0,

    /// <summary>Takes events.</summary>
    Ingest = 1,

    /// <summary>Serves pages and the web API.</summary>
    Web = 2,

    /// <summary>Runs the recurring jobs.</summary>
    Worker = 4,
}

/// <summary>Settings of the process itself, read once at start: they decide what is registered at all.</summary>
/// <param name="BaseUrl">How browsers, mails and DSNs reach it; null for the first listening address.</param>
/// <param name="DataDirectory">Absolute path of the directory for everything that is not in the database.</param>
/// <param name="Roles">What this process does.</param>
internal sealed record InstallationOptions(Uri? BaseUrl, string DataDirectory, HostRoles Roles)
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="StartException">A value cannot be used.</exception>
    public static InstallationOptions Read(IConfiguration configuration) => new(
        ReadBaseUrl(configuration["ErrorHub:BaseUrl"]),
        Path.GetFullPath(configuration["ErrorHub:DataDirectory"] is { Length: > 0 } directory ? directory : "data"),
        ReadRoles(configuration["ErrorHub:Roles"]));

    private static Uri? ReadBaseUrl(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        if (Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri is { UserInfo: "", Query: "", Fragment: "" })
            return uri;

        throw new StartException(
            $"ErrorHub__BaseUrl is '{text}'; it must be an absolute http or https address without query, for example https://errors.example.com");
    }

    private static HostRoles ReadRoles(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return HostRoles.Ingest | HostRoles.Web | HostRoles.Worker;

        var roles = HostRoles.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= name.ToLower(CultureInfo.InvariantCulture) switch
            {
                "ingest" => HostRoles.Ingest,
                "web" => HostRoles.Web,
                "worker" => HostRoles.Worker,
                _ => throw new StartException(
                    $"ErrorHub__Roles names '{name}'; the roles are ingest, web and worker, for example ErrorHub__Roles=ingest,web"),
            };
        }

        return roles;
    }
}
