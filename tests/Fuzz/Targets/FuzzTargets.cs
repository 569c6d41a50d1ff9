namespace ErrorHub.Fuzz.Targets;

/// <summary>What can be fuzzed, by name. A target takes any bytes, and throws when one of its promises is broken.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Action<byte[]>> All = new()
    {
        ["envelope"] = body => EnvelopeTarget.Run(body),
        ["event"] = json => EventTarget.Run(json),
        ["store"] = body => StoreTarget.Run(body),
        ["body"] = request => BodyTarget.Run(request),
        ["auth"] = lines => AuthTarget.Run(lines),
    };

    internal static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>The target; null when there is none of this name.</summary>
    internal static Action<byte[]>? Find(string name) => All.GetValueOrDefault(name);
}
