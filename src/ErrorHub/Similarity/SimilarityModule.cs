using ErrorHub.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Similarity;

/// <summary>Registers the search for similar issues.</summary>
public static class SimilarityModule
{
    /// <summary>Adds the stacks in memory, and what keeps those of new issues.</summary>
    public static IServiceCollection AddSimilarity(this IServiceCollection services)
    {
        services.AddSingleton<StackCatalog>();
        services.AddSingleton<StackRecorder>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<StackRecorder>());
        services.AddHostedService(provider => provider.GetRequiredService<StackRecorder>());
        return services;
    }
}
