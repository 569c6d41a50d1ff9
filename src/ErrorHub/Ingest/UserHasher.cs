using System.Security.Cryptography;
using System.Text;

namespace ErrorHub.Ingest;

/// <summary>
/// Turns a user's identity into 16 bytes that can be counted but not looked up: HMAC-SHA-256 with a secret of this installation.
/// A plain hash could be reversed by trying every IPv4 address (reliability-security.md, finding 6).
/// </summary>
public sealed class UserHasher
{
    private const int HashBytes = 16;
    private const int KeyBytes = 32;
    private const string KeyFile = "user-hash.key";

    private readonly byte[] _key;

    private UserHasher(byte[] key) => _key = key;

    /// <summary>A hasher with the configured secret, else with the one of the data directory, made at first use.</summary>
    /// <param name="configuredKey">The secret; null for the file's.</param>
    /// <param name="dataDirectory">An existing directory.</param>
    /// <exception cref="InvalidDataException">The file is not the key it should be.</exception>
    public static UserHasher Create(string? configuredKey, string dataDirectory)
    {
        if (configuredKey is not null)
            return new UserHasher(Encoding.UTF8.GetBytes(configuredKey));

        var path = Path.Combine(dataDirectory, KeyFile);
        return TryMake(path, out var key) ? new UserHasher(key) : new UserHasher(Read(path));
    }

    /// <summary>The hash of an identity; null for null.</summary>
    public byte[]? HashOf(string? identity) =>
        identity is null ? null : HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(identity))[..HashBytes];

    private static bool TryMake(string path, out byte[] key)
    {
        key = RandomNumberGenerator.GetBytes(KeyBytes);
        if (File.Exists(path))
            return false;

        // Written whole under another name first: a second process, or a kill between open and write, must not meet half a key.
        var fresh = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using (var file = new FileStream(fresh, options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(fresh, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(fresh);
            return false;
        }
    }

    private static byte[] Read(string path) => File.ReadAllBytes(path) switch
    {
        { Length: KeyBytes } key => key,
        _ => throw new InvalidDataException(
            $"{path} is damaged; restore it from a backup, or delete it and accept that known users count once more"),
    };
}
