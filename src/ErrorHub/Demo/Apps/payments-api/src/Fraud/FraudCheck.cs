namespace Payments.Fraud;

internal sealed class FraudCheck(HttpClient http, IMemoryCache cache)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(400);

    public async Task<Verdict> ScoreAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Budget);
        var features = Features(request);
        using var response = await http.PostAsJsonAsync("score", features, timeout.Token);
        var score = await response.Content.ReadFromJsonAsync<Score>(timeout.Token);
        return new Verdict(score!.Value, score.Value > Thresholds[request.Country]);
    }

    private Dictionary<string, object> Features(CreatePayment request)
    {
        var features = new Dictionary<string, object>();
        features.Add("country", request.Country);
        features.Add("amount", request.Amount.Minor);
        foreach (var (name, value) in request.Metadata)
            features.Add(name, value);

        features["velocity"] = cache.Get<Counter>(request.Email)!.PerHour;
        return features;
    }
}
