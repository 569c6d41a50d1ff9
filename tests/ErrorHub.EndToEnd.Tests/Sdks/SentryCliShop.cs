using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>A shop of shell scripts: it reports with <c>sentry-cli send-event</c>, messages without a stack.</summary>
internal sealed class SentryCliShop : Shop
{
    public override string Name => "sentry-cli";

    public override ShopReport Expected => new(
        "sentry-cli", "native", "Order 1002 could not be charged", "The stock file is empty");

    public override async Task SellAsync(string dsn, IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        var cli = Path.Combine(Repository.Sdks, "node", "node_modules", ".bin", "sentry-cli");
        var environment = EnvironmentOf(dsn);
        // Otherwise it asks GitHub for a newer version.
        environment["SENTRY_DISABLE_UPDATE_CHECK"] = "1";
        foreach (var request in requests)
        {
            var message = request.Split(' ') is ["charge", var order] ? $"Order {order} could not be charged" : "The stock file is empty";
            string[] arguments =
            [
                "send-event", "--no-environ", "--message", message, "--level", "error", "--release", Release, "--env", Environment,
                "--tag", "shop:berlin", "--user", "id:42", "--user", "email:ada@example.com",
            ];
            (await ProgramRun.ToEndAsync(cli, arguments, environment, cancellationToken)).Succeeded();
        }
    }
}
