namespace ErrorHub.Web.Projects;

/// <summary>A way to send events that the onboarding page explains.</summary>
/// <param name="Id">Name in addresses, and the project's platform.</param>
/// <param name="Title">Name for people.</param>
internal sealed record SnippetPlatform(string Id, string Title);

/// <summary>One step to take.</summary>
/// <param name="What">What to do.</param>
/// <param name="Code">What to copy.</param>
internal sealed record SnippetStep(string What, string Code);

/// <summary>What to copy into an app so that its errors arrive here; with the project's real DSN.</summary>
internal static class Snippets
{
    public static IReadOnlyList<SnippetPlatform> Platforms { get; } =
    [
        new("node", "Node.js"), new("javascript", "Browser"), new("python", "Python"), new("dotnet", ".NET"),
        new("sentry-cli", "sentry-cli"), new("curl", "curl"),
    ];

    /// <summary>The steps of a platform; those of Node.js when it is not one of <see cref="Platforms"/>.</summary>
    /// <param name="platform">Name in addresses.</param>
    /// <param name="dsn">The DSN.</param>
    /// <param name="storeUrl">Address of the store endpoint with the key, for clients without an SDK.</param>
    public static IReadOnlyList<SnippetStep> Of(string? platform, string dsn, string storeUrl) => platform switch
    {
        "javascript" =>
        [
            new("Add the SDK", "npm install @sentry/browser"),
            new("Start it before the rest of your app", $$"""
                import * as Sentry from "@sentry/browser";

                Sentry.init({ dsn: "{{dsn}}" });
                """),
            new("Send an error", """Sentry.captureException(new Error("Hello from the browser"));"""),
        ],
        "python" =>
        [
            new("Add the SDK", "pip install sentry-sdk"),
            new("Save as app.py", $"""
                import sentry_sdk

                sentry_sdk.init(dsn="{dsn}")

                1 / 0
                """),
            new("Run it", "python3 app.py"),
        ],
        "dotnet" =>
        [
            new("Add the SDK", "dotnet add package Sentry --version 6.12.1"),
            new("Save as Program.cs", $$"""
                using Sentry;

                using var sdk = SentrySdk.Init(options => options.Dsn = "{{dsn}}");

                Checkout(1001);

                static void Checkout(int order) => throw new InvalidOperationException($"Order {order} has no address");
                """),
            new("Run it", "dotnet run"),
        ],
        "sentry-cli" =>
        [
            new("Install it", "npm install --global @sentry/cli"),
            new("Send a message", $"""SENTRY_DSN="{dsn}" sentry-cli send-event --message "Hello from the shell" """.TrimEnd()),
        ],
        "curl" =>
        [
            new("Send a message", $$"""
                curl -sS '{{storeUrl}}' \
                  -H 'Content-Type: application/json' \
                  -d '{"message": "Hello from curl", "level": "error"}'
                """),
        ],
        _ =>
        [
            new("Add the SDK", "npm install @sentry/node"),
            new("Save as instrument.js", $$"""
                const Sentry = require("@sentry/node");

                Sentry.init({ dsn: "{{dsn}}" });
                """),
            new("Save as app.js", """
                function checkout(order) {
                  throw new Error(`Order ${order} has no address`);
                }

                checkout(1001);
                """),
            new("Run it", "node --import ./instrument.js app.js"),
        ],
    };
}
