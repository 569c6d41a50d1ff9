using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ErrorHub.Protocol;

/// <summary>The part of a DSN that says where an event belongs: <c>scheme://PUBLIC_KEY[:SECRET]@HOST[/PATH]/PROJECT_ID</c>.</summary>
/// <param name="PublicKey">32 lower-case hex digits.</param>
/// <param name="ProjectId">Project, from 1.</param>
/// <remarks>Scheme, host and port are left out on purpose: tunnels and proxies change them (protocol.md section 2).</remarks>
public sealed record Dsn(string PublicKey, long ProjectId)
{
    /// <summary>Reads a DSN; the obsolete secret is ignored, a path in front of the project id is allowed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Dsn? dsn)
    {
        dsn = null;
        if (!Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri) || uri.UserInfo is not { Length: > 0 } userInfo)
            return false;

        var key = userInfo.Split(':')[0];
        var project = uri.AbsolutePath[(uri.AbsolutePath.LastIndexOf('/') + 1)..];
        if (!Protocol.PublicKey.TryNormalise(key, out var publicKey) || !TryParseProjectId(project, out var projectId))
            return false;

        dsn = new Dsn(publicKey, projectId);
        return true;
    }

    /// <summary>Reads a project id: decimal digits only, from 1 (protocol.md section 1.1).</summary>
    public static bool TryParseProjectId([NotNullWhen(true)] string? text, out long projectId) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out projectId) && projectId > 0;
}
