using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>Debian's <c>python3-sentry-sdk</c> (1.9), which still sends events to <c>/store/</c>.</summary>
internal sealed class PythonShop : Shop
{
    public override string Name => "python";

    public override ShopReport Expected => new(
        "sentry.python", "python", "PaymentError: Order 1002 could not be charged", "KeyError: 'items'")
    {
        Thrower = ("charge_order", "raise PaymentError(f\"Order {order_number} could not be charged\")"),
        Breadcrumbs = ["basket opened", "the payment provider is slow"],
        RequestPath = "/charge/1002",
    };

    public override async Task SellAsync(string dsn, IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        var script = Path.Combine(Repository.Sdks, "python", "shop.py");
        // Debian's own interpreter: another one first on the PATH does not see Debian's packages.
        (await ProgramRun.ToEndAsync(
            "/usr/bin/python3", [script, .. requests.SelectMany(r => r.Split(' '))], EnvironmentOf(dsn), cancellationToken)).Succeeded();
    }
}
