using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary><c>@sentry/node</c> of the package.json beside it.</summary>
internal sealed class NodeShop : Shop
{
    public override string Name => "node";

    public override ShopReport Expected => new(
        "sentry.javascript.node", "node", "PaymentError: Order 1002 could not be charged",
        "TypeError: Cannot read properties of undefined (reading 'map')")
    {
        Thrower = ("chargeOrder", "throw new PaymentError(`Order ${orderNumber} could not be charged`);"),
        Breadcrumbs = ["basket opened", "the payment provider is slow"],
        RequestPath = "/charge/1002",
    };

    public override async Task SellAsync(string dsn, IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        var script = Path.Combine(Repository.Sdks, "node", "shop.cjs");
        (await ProgramRun.ToEndAsync(
            "node", [script, .. requests.SelectMany(r => r.Split(' '))], EnvironmentOf(dsn), cancellationToken)).Succeeded();
    }
}
