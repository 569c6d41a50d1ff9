namespace Payments.Endpoints;

internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/payments", CreateAsync);
        app.MapGet("/v1/payments/{id}", GetAsync);
        app.MapPost("/v1/payments/{id}/refunds", RefundAsync);
        app.MapPost("/v1/webhooks/stripe", StripeAsync);
    }

    private static async Task<IResult> CreateAsync(
        CreatePayment request, ChargePayment charge, HttpContext http, CancellationToken cancellationToken)
    {
        var merchant = http.User.FindFirst("merchant")!.Value;
        var payment = await charge.HandleAsync(request, merchant, cancellationToken);
        return Results.Created($"/v1/payments/{payment.Id}", payment);
    }

    private static async Task<IResult> GetAsync(string id, PaymentStore store, CancellationToken cancellationToken)
    {
        var payment = await store.FindAsync(PaymentId.Parse(id), cancellationToken);
        return Results.Ok(PaymentView.Of(payment!));
    }

    private static async Task<IResult> RefundAsync(
        string id, CreateRefund request, RefundPayment refund, CancellationToken cancellationToken)
    {
        var result = await refund.HandleAsync(PaymentId.Parse(id), request.Amount, cancellationToken);
        return Results.Ok(result);
    }

    private static async Task<IResult> StripeAsync(HttpRequest request, WebhookHandler webhooks, CancellationToken cancellationToken)
    {
        await webhooks.HandleAsync(request.Body, request.Headers["Stripe-Signature"]!, cancellationToken);
        return Results.NoContent();
    }
}
