using System.Diagnostics.CodeAnalysis;

namespace ErrorHub.Protocol;

/// <summary>The public key of a DSN: 32 hex digits.</summary>
public static class PublicKey
{
    private const int Digits = 32;

    /// <summary>
    /// Reads a key as SDKs send it: any case, and with flags after a dot (<c>….no-cache</c>), which are dropped.
    /// </summary>
    public static bool TryNormalise([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? key)
    {
        key = null;
        if (text is null)
            return false;

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var digits = dot < 0 ? text : text[..dot];
        if (digits.Length != Digits || !digits.All(char.IsAsciiHexDigit))
            return false;

        key = digits.ToLowerInvariant();
        return true;
    }
}
