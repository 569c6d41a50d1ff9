namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>
/// A small web shop that reports its errors with one real SDK: <c>charge</c> fails with the order's number in the message,
/// <c>stock</c> fails in another way.
/// </summary>
internal abstract class Shop
{
    public const string Release = "shop@1.2.3";
    public const string Environment = "production";

    private static readonly Shop[] All = [new NodeShop(), new PythonShop(), new DotNetShop(), new SentryCliShop()];

    /// <summary>Names for theories; a name reads better in a report than an object.</summary>
    public static TheoryData<string> Names => [.. All.Select(s => s.Name)];

    public abstract string Name { get; }

    /// <summary>What ErrorHub must show for it.</summary>
    public abstract ShopReport Expected { get; }

    public static Shop Named(string name) => All.Single(s => s.Name == name);

    /// <summary>Runs the shop against a DSN; it ends when everything is sent.</summary>
    /// <param name="dsn">Where it reports to.</param>
    /// <param name="requests"><c>charge 1001</c>, <c>charge 1002</c>, <c>stock</c> …</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public abstract Task SellAsync(string dsn, IReadOnlyList<string> requests, CancellationToken cancellationToken);

    protected static Dictionary<string, string> EnvironmentOf(string dsn) => new()
    {
        ["SENTRY_DSN"] = dsn,
        ["SENTRY_RELEASE"] = Release,
        ["SENTRY_ENVIRONMENT"] = Environment,
    };
}

/// <summary>What the two issues of a <see cref="Shop"/> look like.</summary>
/// <param name="Sdk">Name the SDK gives itself.</param>
/// <param name="Platform">Sentry's platform.</param>
/// <param name="Charge">Title of the issue with two events, as of its last one.</param>
/// <param name="Stock">Title of the issue with one event.</param>
internal sealed record ShopReport(string Sdk, string Platform, string Charge, string Stock)
{
    /// <summary>Function and source line of the in-app frame that threw; a message has none, and .NET sends no source.</summary>
    public (string Function, string? SourceLine)? Thrower { get; init; }

    /// <summary>Messages of breadcrumbs among those it sends.</summary>
    public string[] Breadcrumbs { get; init; } = [];

    /// <summary>End of the request's URL; null when it sends no request.</summary>
    public string? RequestPath { get; init; }
}
