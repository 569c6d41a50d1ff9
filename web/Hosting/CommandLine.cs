using System.Reflection;
using ErrorHub.Accounts;
using ErrorHub.Demo;
using ErrorHub.Storage;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Hosting;

/// <summary>The subcommands of <c>errorhub</c>. Exit codes: 0 done, 1 failed with one line on standard error, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private sealed record Command(string Name, string Summary, string Details, Func<WebApplication, CancellationToken, Task> RunAsync)
    {
        /// <summary>Services of this command alone.</summary>
        public Action<WebApplicationBuilder>? Customize { get; init; }
    }

    private static readonly Command[] Commands =
    [
        new("serve", "take events, serve pages and the API, run jobs (the default)",
            "Applies missing migrations, then listens until SIGTERM or Ctrl+C.", ServeAsync),
        new("migrate", "apply missing database migrations and end",
            "Safe to run while other processes start: one applies them, the others wait.", MigrateAsync),
        new("demo", "fill an empty installation with made-up projects and 30 days of events",
            "Refuses when there are events. Afterwards start ErrorHub and look around.", DemoAsync) { Customize = b => b.Services.AddDemo() },
        new("keys rotate", "replace the keys that protect cookies and links; everyone logs in again",
            "Restart running processes afterwards: they keep the keys in memory for up to a day.", RotateKeysAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var words = args.TakeWhile(a => !a.StartsWith('-')).ToArray();
        var options = args[words.Length..];
        var command = Commands.FirstOrDefault(c => c.Name == (words.Length == 0 ? "serve" : string.Join(' ', words)));
        if (options.Any(o => o is "--help" or "-h" or "-?"))
        {
            if (command is null)
                return Refuse($"there is no command '{string.Join(' ', words)}'");

            Console.Out.WriteLine(words.Length == 0 ? Usage() : HelpOf(command));
            return Done;
        }

        if (options is ["--version"])
        {
            Console.Out.WriteLine(typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return Done;
        }

        if (command is null)
            return Refuse($"there is no command '{string.Join(' ', words)}'");

        if (UnknownIn(options) is { } unknown)
            return Refuse(unknown);

        try
        {
            Descriptors.CheckLimit();
            await using var app = Program.Build(options, command.Customize);
            // Before anything is touched: a wrong setting must not leave half a database behind.
            app.Services.GetService<IStartupValidator>()?.Validate();
            await command.RunAsync(app, CancellationToken.None);
            return Done;
        }
        catch (Exception e) when (StartErrors.Describe(e) is { } line)
        {
            await Console.Error.WriteLineAsync("errorhub: " + line);
            return Failed;
        }
    }

    /// <summary>Brings the database up to date, fills an empty one and starts listening; returns when it listens.</summary>
    /// <returns>Path of the set-up link; null when there is an owner.</returns>
    internal static async Task<string?> StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var setUpPath = await app.Services.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        return setUpPath;
    }

    private static async Task ServeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var setUpPath = await StartAsync(app, cancellationToken);
        var baseUrl = app.Services.GetRequiredService<PublicAddress>().BaseUrl;
        Log.Listening(app.Logger, string.Join(", ", app.Urls), app.Services.GetRequiredService<IDatabaseMaintenance>().Provider);
        // Not a log line: the link is a secret that logs must not keep.
        Say(setUpPath is null
            ? $"ErrorHub is at {baseUrl}"
            : $"ErrorHub is at {baseUrl}{Environment.NewLine}Create the first owner: {baseUrl}{setUpPath}");
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static void Say(string text)
    {
        try
        {
            Console.Out.WriteLine(text);
        }
        catch (IOException)
        {
            // A full disk behind the standard output is no reason to take no events; the logger thinks so, too.
        }
    }

    private static Task MigrateAsync(WebApplication app, CancellationToken cancellationToken) =>
        app.Services.GetRequiredService<DatabaseStart>().MigrateAsync(cancellationToken);

    private static async Task DemoAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await MigrateAsync(app, cancellationToken);
        // Project 1 and the owner first, as a start makes them: a DSN from the configuration must not lead to a made-up project.
        await app.Services.GetRequiredService<Bootstrap>().RunAsync(cancellationToken);
        await DemoData.FillAsync(app.Services, new ConsoleProgress(), cancellationToken);
    }

    // Not Progress<T>, which reports on other threads and out of order.
    private sealed class ConsoleProgress : IProgress<string>
    {
        public void Report(string value) => Console.Out.WriteLine(value);
    }

    private static async Task RotateKeysAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await MigrateAsync(app, cancellationToken);
        var keys = app.Services.GetRequiredService<IKeyManager>();
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        // Revoked, not only replaced: a cookie forged with an old key must stop working (CVE-2026-40372).
        keys.RevokeAllKeys(now, "errorhub keys rotate");
        keys.CreateNewKey(now, now.AddDays(90));
        Console.Out.WriteLine("Keys are replaced. Restart running processes: they keep the old ones in memory for up to a day.");
    }

    private static string? UnknownIn(string[] options)
    {
        for (var i = 0; i < options.Length; i++)
        {
            var (name, value) = options[i].Split('=', 2) switch { [var n, var v] => (n, v), [var n] => (n, (string?)null), _ => ("", null) };
            if (!name.StartsWith("--", StringComparison.Ordinal) || !(name is "--urls" or "--environment" || name.Contains(':')))
                return $"there is no option '{name}'";

            if (value is null && ++i >= options.Length)
                return $"option '{name}' needs a value";
        }

        return null;
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine($"errorhub: {problem}; errorhub --help lists what there is");
        return WrongUsage;
    }

    private static string Usage() => $"""
        Usage: errorhub [command] [options]

        {string.Join('\n', Commands.Select(c => $"  {c.Name,-12} {c.Summary}"))}

        Options of every command:
          --urls <addresses>          where to listen, default {AppHost.DefaultUrl}
          --<Section>:<Key> <value>   any setting, for example --ErrorHub:DataDirectory /var/lib/errorhub
          --help, --version
        """;

    private static string HelpOf(Command command) => $"""
        Usage: errorhub {command.Name} [options]

        {char.ToUpperInvariant(command.Summary[0])}{command.Summary[1..]}.
        {command.Details}
        Settings are read from appsettings.json, then the environment, then options such as --ErrorHub:DataDirectory <path>.
        """;
}

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Listening on {Addresses} with {Provider}.")]
    public static partial void Listening(ILogger logger, string addresses, string provider);
}
