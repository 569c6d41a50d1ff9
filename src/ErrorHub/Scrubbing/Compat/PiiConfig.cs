namespace ErrorHub.Scrubbing.Compat;

/// <summary>A prepared <c>piiConfig</c>: which rules hold where. Immutable.</summary>
/// <param name="Applications">In the order in which they are applied.</param>
/// <param name="HashKey">The key of hashes.</param>
internal sealed record PiiConfig(IReadOnlyList<PiiApplication> Applications, byte[] HashKey)
{
    /// <summary>Does nothing.</summary>
    internal static PiiConfig Empty { get; } = new([], []);

    /// <summary>Adds the rules for a value, each once.</summary>
    internal void AddRules(PiiPath path, List<PiiRule> rules)
    {
        foreach (var application in Applications)
            if (!rules.Contains(application.Rule) && application.Selector.Selects(path))
                rules.Add(application.Rule);
    }
}

/// <summary>A rule and where it holds.</summary>
internal sealed record PiiApplication(Selector Selector, PiiRule Rule);
