namespace Payments.Charging;

internal sealed class StripeGateway(HttpClient http, IOptions<StripeOptions> options)
{
    public async Task<Charge> ChargeAsync(string source, Money amount, string orderId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/charges") { Content = Form(source, amount, orderId) };
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.PaymentRequired)
            throw await StripeException.FromAsync(response, cancellationToken);

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(StripeJson.Default.Charge, cancellationToken)
            ?? throw new InvalidDataException("Stripe answered without a charge.");
    }

    public async Task<Refund> RefundAsync(string charge, Money amount, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync($"v1/charges/{charge}/refunds", Form(amount), cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(StripeJson.Default.Refund, cancellationToken))!;
    }

    private FormUrlEncodedContent Form(string source, Money amount, string orderId) => new(new Dictionary<string, string>
    {
        ["amount"] = amount.Minor.ToString(CultureInfo.InvariantCulture),
        ["currency"] = amount.Currency.ToLowerInvariant(),
        ["source"] = source,
        ["metadata[order]"] = orderId,
        ["statement_descriptor"] = options.Value.Descriptor[..22],
    });
}
