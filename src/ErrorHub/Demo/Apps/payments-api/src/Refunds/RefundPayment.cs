namespace Payments.Refunds;

internal sealed class RefundPayment(PaymentStore store, StripeGateway gateway, LedgerWriter ledger)
{
    public async Task<Refund> HandleAsync(PaymentId id, Money amount, CancellationToken cancellationToken)
    {
        var payment = await store.FindAsync(id, cancellationToken);
        var left = payment!.Amount - payment.Refunded;
        if (amount > left)
            throw new RefundTooLargeException($"Refund of {amount} exceeds the {left} left of payment {id}");

        var refund = await gateway.RefundAsync(payment.Charge, amount, cancellationToken);
        await ledger.AppendAsync(id, payment.Merchant, -amount, cancellationToken);
        return refund;
    }
}
