using System.Security.Cryptography;
using System.Text;

namespace ErrorHub.Accounts;

/// <summary>Random secrets that are shown once and stored as SHA-256: with 256 random bits there is nothing for a slow hash to protect.</summary>
internal static class Secrets
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // 43 of 62 characters hold 256.03 bits.
    private const int Length = 43;

    /// <summary>
    /// <c>eh_{43 letters and digits}_{6 hex digits}</c>. The prefix and the checksum let secret scanners recognise a leaked token
    /// without asking the server; logging in does not look at them, because the configured token may be any text.
    /// </summary>
    public static string NewApiToken()
    {
        var body = $"eh_{RandomNumberGenerator.GetString(Base62, Length)}";
        return $"{body}_{Convert.ToHexStringLower(Hash(body))[..6]}";
    }

    /// <summary>43 letters and digits, for a link.</summary>
    public static string NewLinkSecret() => RandomNumberGenerator.GetString(Base62, Length);

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
