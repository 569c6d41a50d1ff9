using System.Data.Common;
using ErrorHub.Demo;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Hosting;

/// <summary>Turns what can go wrong at start into one line that says what to do.</summary>
internal static class StartErrors
{
    /// <summary>The line; null when the failure is a bug of ours, whose stack trace is worth printing.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        StartException or InvalidDataException or InstallationNotEmptyException => exception.Message,
        OptionsValidationException e => string.Join("; ", e.Failures),
        // The binder's own words name the key in its colon form; operators set the other one.
        InvalidOperationException e when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            FirstLine(e).Replace("ErrorHub:", "ErrorHub__", StringComparison.Ordinal).Replace(':', '_') + "; see README for the kinds of values",
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

    /// <summary>An exception's message up to the first line break.</summary>
    public static string FirstLine(Exception exception) => exception.Message.AsSpan().Trim() switch
    {
        var text when text.IndexOfAny('\r', '\n') is > 0 and var end => text[..end].ToString(),
        var text => text.ToString(),
    };
}
