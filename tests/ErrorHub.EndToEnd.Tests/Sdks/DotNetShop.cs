using System.Globalization;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>The <c>Sentry</c> package, in this process: its stack has real .NET frames with this repository's files and lines.</summary>
internal sealed class DotNetShop : Shop
{
    public override string Name => "dotnet";

    public override ShopReport Expected => new(
        "sentry.dotnet", "csharp", "ErrorHub.EndToEnd.Tests.Sdks.PaymentException: Order 1002 could not be charged",
        "System.Collections.Generic.KeyNotFoundException: The given key 'items' was not present in the dictionary.")
    {
        Thrower = ("void DotNetShop.ChargeOrder(int orderNumber)", null),
        Breadcrumbs = ["basket opened", "the payment provider is slow"],
        RequestPath = "/charge/1002",
    };

    public override async Task SellAsync(string dsn, IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        using var sdk = SentrySdk.Init(options =>
        {
            options.Dsn = dsn;
            options.Release = Release;
            options.Environment = Environment;
            options.SendDefaultPii = true;
            // The test runner's own exceptions are not the shop's.
            options.DisableAppDomainUnhandledExceptionCapture();
            options.DisableUnobservedTaskExceptionCapture();
        });
        foreach (var request in requests)
            Sell(request);
        await SentrySdk.FlushAsync(TimeSpan.FromSeconds(10)).WaitAsync(cancellationToken);
    }

    private static void Sell(string request)
    {
        try
        {
            if (request.Split(' ') is ["charge", var order])
                ChargeOrder(int.Parse(order, CultureInfo.InvariantCulture));
            else
                ReserveStock([]);
        }
        catch (Exception exception) when (exception is PaymentException or KeyNotFoundException)
        {
            SentrySdk.CaptureException(exception, scope =>
            {
                scope.User = new SentryUser { Id = "42", Email = "ada@example.com" };
                scope.SetTag("shop", "berlin");
                scope.Request.Method = "GET";
                scope.Request.Url = $"http://shop.example/{request.Replace(' ', '/')}";
                scope.Request.QueryString = "currency=EUR";
                scope.AddBreadcrumb("basket opened", "cart");
                scope.AddBreadcrumb("the payment provider is slow", "payment", level: BreadcrumbLevel.Warning);
            });
        }
    }

    private static void ChargeOrder(int orderNumber) => throw new PaymentException($"Order {orderNumber} could not be charged");

    private static int ReserveStock(Dictionary<string, int> basket) => basket["items"];
}

internal sealed class PaymentException(string message) : Exception(message);
