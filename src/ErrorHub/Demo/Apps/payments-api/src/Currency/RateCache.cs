namespace Payments.Currency;

internal sealed class RateCache(IConnectionMultiplexer redis, EcbClient ecb)
{
    private readonly SemaphoreSlim _refresh = new(1);

    public async Task<Money> ConvertAsync(Money amount, string from, string to, CancellationToken cancellationToken)
    {
        var cached = await redis.GetDatabase().StringGetAsync($"rate:{from}:{to}");
        var rate = cached.HasValue ? (decimal)cached : await RefreshAsync(from, to, cancellationToken);
        return checked(new Money((long)(amount.Minor * rate), to));
    }

    private async Task<decimal> RefreshAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (!await _refresh.WaitAsync(TimeSpan.FromSeconds(2), cancellationToken))
            throw new TimeoutException("Waited 2 s for another request to refresh the exchange rates");

        try
        {
            var rates = await ecb.DailyAsync(cancellationToken);
            return rates[to] / rates[from];
        }
        finally
        {
            _refresh.Release();
        }
    }
}
