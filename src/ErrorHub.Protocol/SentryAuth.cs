using System.Globalization;
using System.Text;

namespace ErrorHub.Protocol;

/// <summary>Why a request's authentication was refused.</summary>
public enum AuthError
{
    /// <summary>No source carries one: 401, unless the envelope's own <c>dsn</c> does.</summary>
    Missing,

    /// <summary>A <c>Sentry</c> or <c>Basic</c> header without a key: 401.</summary>
    Malformed,

    /// <summary>The key is not 32 hex digits: 400.</summary>
    BadKey,

    /// <summary>A protocol version other than 2 to 7: 400.</summary>
    UnsupportedVersion,

    /// <summary>Two sources name different keys: 401.</summary>
    Conflicting,
}

/// <summary>Who sends, as the request says (protocol.md section 2). The key is well-formed, not yet known to exist.</summary>
/// <param name="PublicKey">32 lower-case hex digits.</param>
/// <param name="Version">Protocol version, 2 to 7.</param>
/// <param name="Client">Such as <c>sentry.python/2.0</c>, at most 200 characters; null when not sent.</param>
public sealed record SentryAuth(string PublicKey, int Version, string? Client)
{
    private const int NewestVersion = 7;
    private const int MaxClientLength = 200;

    /// <summary>
    /// Reads every place an SDK may put its key. Sources that agree are fine together; headers of another scheme are ignored,
    /// because proxies add <c>Authorization: Bearer</c> of their own.
    /// </summary>
    /// <param name="xSentryAuth">The <c>X-Sentry-Auth</c> header.</param>
    /// <param name="authorization">The <c>Authorization</c> header.</param>
    /// <param name="queryKey">The <c>sentry_key</c> query parameter.</param>
    /// <param name="queryVersion">The <c>sentry_version</c> query parameter.</param>
    /// <param name="queryClient">The <c>sentry_client</c> query parameter.</param>
    /// <param name="auth">What was found; null when an error is returned.</param>
    /// <returns>Null when <paramref name="auth"/> is set.</returns>
    public static AuthError? TryRead(
        string? xSentryAuth, string? authorization, string? queryKey, string? queryVersion, string? queryClient, out SentryAuth? auth)
    {
        auth = null;
        Claim?[] claims =
        [
            Claim.OfHeader(xSentryAuth),
            Claim.OfHeader(authorization),
            string.IsNullOrEmpty(queryKey) ? null : new Claim(queryKey, queryVersion, queryClient),
        ];

        var present = claims.OfType<Claim>().ToList();
        if (present.Count == 0)
            return AuthError.Missing;

        var named = present.Where(c => c.Key is { Length: > 0 }).ToList();
        if (named.Count == 0)
            return AuthError.Malformed;

        string? publicKey = null;
        foreach (var claim in named)
        {
            if (!Protocol.PublicKey.TryNormalise(claim.Key, out var key))
                return AuthError.BadKey;

            if (publicKey is not null && publicKey != key)
                return AuthError.Conflicting;

            publicKey = key;
        }

        if (!TryReadVersion(named.Select(c => c.Version).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v)), out var version))
            return AuthError.UnsupportedVersion;

        auth = new SentryAuth(publicKey!, version, ReadClient(named.Select(c => c.Client).FirstOrDefault(c => c is { Length: > 0 })));
        return null;
    }

    private static bool TryReadVersion(string? text, out int version)
    {
        version = NewestVersion;
        return text is null
            || (int.TryParse(text.Split('.')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out version)
                && version is >= 2 and <= NewestVersion);
    }

    private static string? ReadClient(string? client) =>
        client is { Length: > MaxClientLength } ? client[..MaxClientLength] : client;

    /// <summary>What one source says; a header that claims to be ours but names no key has a null <see cref="Key"/>.</summary>
    private sealed record Claim(string? Key, string? Version, string? Client)
    {
        /// <summary>Null when the header is absent or not ours.</summary>
        internal static Claim? OfHeader(string? header)
        {
            var text = header?.Trim();
            if (string.IsNullOrEmpty(text))
                return null;

            if (HasScheme(text, "Sentry", out var parameters))
                return OfParameters(parameters);

            if (HasScheme(text, "Basic", out var credentials))
                return new Claim(UserOf(credentials), null, null);

            // GlitchTip has met headers without the scheme word.
            return text.StartsWith("sentry_", StringComparison.OrdinalIgnoreCase) && OfParameters(text) is { Key: not null } bare
                ? bare
                : null;
        }

        private static bool HasScheme(string header, string scheme, out string rest)
        {
            rest = "";
            if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return false;

            if (header.Length == scheme.Length)
                return true;

            if (!char.IsWhiteSpace(header[scheme.Length]))
                return false;

            rest = header[(scheme.Length + 1)..].Trim();
            return true;
        }

        // Sentry sentry_version=7, sentry_client=sentry.dotnet/6.12.1,sentry_key=0123…, sentry_secret=…
        private static Claim OfParameters(string parameters)
        {
            string? key = null, version = null, client = null;
            foreach (var parameter in parameters.Split(','))
            {
                var equals = parameter.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0)
                    continue;

                var value = parameter[(equals + 1)..].Trim();
                switch (parameter[..equals].Trim().ToLowerInvariant())
                {
                    case "sentry_key": key = value; break;
                    case "sentry_version": version = value; break;
                    case "sentry_client": client = value; break;
                }
            }

            return new Claim(key, version, client);
        }

        private static string? UserOf(string credentials)
        {
            var buffer = new byte[credentials.Length];
            return Convert.TryFromBase64String(credentials, buffer, out var written)
                ? Encoding.UTF8.GetString(buffer, 0, written).Split(':')[0]
                : null;
        }
    }
}
