namespace Payments.Charging;

/// <summary>Takes money for an order, once, however often the shop asks.</summary>
internal sealed class ChargePayment(
    StripeGateway gateway, LedgerWriter ledger, FraudCheck fraud, RateCache rates, IdempotencyStore idempotency)
{
    public async Task<Payment> HandleAsync(CreatePayment request, string merchant, CancellationToken cancellationToken)
    {
        if (await idempotency.FindAsync(merchant, request.IdempotencyKey, cancellationToken) is { } earlier)
            return earlier;

        var amount = request.Currency == Settlement.Currency
            ? request.Amount
            : await rates.ConvertAsync(request.Amount, request.Currency, Settlement.Currency, cancellationToken);

        var verdict = await fraud.ScoreAsync(request, cancellationToken);
        if (verdict.IsBlocked)
            throw new PaymentBlockedException(request.OrderId, verdict.Score);

        var charge = await gateway.ChargeAsync(request.Source, amount, request.OrderId, cancellationToken);
        var payment = Payment.From(request, charge);
        await ledger.AppendAsync(payment.Id, merchant, amount, cancellationToken);
        await idempotency.SaveAsync(merchant, request.IdempotencyKey, payment, cancellationToken);
        return payment;
    }
}
