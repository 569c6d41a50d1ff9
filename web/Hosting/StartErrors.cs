using System.Data.Common;
using System.Text.RegularExpressions;
using ErrorHub.Demo;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Hosting;

/// <summary>Turns what can go wrong at start into one line that says what to do.</summary>
internal static partial class StartErrors
{
    /// <summary>The line; null when the failure is a bug of ours, whose stack trace is worth printing.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        StartException or InvalidDataException or InstallationNotEmptyException => exception.Message,
        OptionsValidationException e => WithEnvironmentKeys(string.Join("; ", e.Failures)),
        InvalidOperationException e when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            WithEnvironmentKeys(FirstLine(e)) + " The README's configuration table has an example of each.",
        IOException { InnerException: AddressInUseException } e =>
            FirstLine(e) + " Stop the other program or listen elsewhere, for example --urls http://localhost:9001",
        System.Net.Sockets.SocketException e =>
            $"The address to listen on cannot be used ({FirstLine(e)}); choose another, for example --urls http://localhost:9001",
        FormatException or UriFormatException when exception.Message.Contains("URL", StringComparison.OrdinalIgnoreCase) =>
            $"--urls cannot be read ({FirstLine(exception)}); for example --urls http://localhost:9000",
        DbException e =>
            $"The database cannot be used ({FirstLine(e)}); check ConnectionStrings__ErrorHub and that the server runs, "
            + "or, for SQLite, the file in ErrorHub__DataDirectory",
        { InnerException: { } inner } => Describe(inner),
        _ => null,
    };

    // Code and binder name a key ErrorHub:Retention:Days; operators set ErrorHub__Retention__Days.
    private static string WithEnvironmentKeys(string text) =>
        ColonKey().Replace(text, match => match.Value.Replace(":", "__", StringComparison.Ordinal));

    [GeneratedRegex(@"\bErrorHub(:\w+)+")]
    private static partial Regex ColonKey();

    /// <summary>An exception's message up to the first line break.</summary>
    public static string FirstLine(Exception exception) => exception.Message.AsSpan().Trim() switch
    {
        var text when text.IndexOfAny('\r', '\n') is > 0 and var end => text[..end].ToString(),
        var text => text.ToString(),
    };
}
