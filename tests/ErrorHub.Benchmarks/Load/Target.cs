namespace ErrorHub.Benchmarks.Load;

/// <summary>Where events go.</summary>
/// <param name="Port">Port on 127.0.0.1.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="Key">Its public key.</param>
internal sealed record Target(int Port, long ProjectId, string Key);
