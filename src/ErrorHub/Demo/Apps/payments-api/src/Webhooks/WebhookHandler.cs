namespace Payments.Webhooks;

internal sealed class WebhookHandler(WebhookSecrets secrets, DisputeStore disputes, IMessageBus bus)
{
    public async Task HandleAsync(Stream body, string signature, CancellationToken cancellationToken)
    {
        var payload = await ReadAsync(body, cancellationToken);
        if (!secrets.Verify(payload, signature))
            throw new SecurityException("Webhook signature does not match the payload");

        var e = JsonSerializer.Deserialize(payload.Span, StripeJson.Default.StripeEvent)!;
        switch (e.Type)
        {
            case "charge.dispute.created":
                await disputes.OpenAsync(e.Data.Dispute!.Charge, e.Data.Dispute.Reason, cancellationToken);
                break;
            case "payout.paid":
                await bus.PublishAsync(new PayoutPaid(e.Data.Payout!.Id, e.Data.Payout.Arrival), cancellationToken);
                break;
            default:
                throw new NotSupportedException($"Webhook type '{e.Type}' is not handled");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
