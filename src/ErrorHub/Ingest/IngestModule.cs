using ErrorHub.DeadLetters;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Regrouping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>Registers the way from a request to the database.</summary>
public static class IngestModule
{
    /// <summary>Adds the batcher, the counters and their options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataDirectory">Where the secret behind user hashes and the known keys are kept.</param>
    public static IServiceCollection AddIngest(this IServiceCollection services, string dataDirectory)
    {
        services.AddOptions<IngestOptions>().BindConfiguration(IngestOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddOptions<SpoolOptions>().BindConfiguration(SpoolOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SpoolOptions>, SpoolOptionsValidator>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton(provider =>
            new KeyFile(Path.Combine(dataDirectory, "keys.json"), provider.GetRequiredService<ILogger<KeyFile>>()));
        services.AddSingleton<PolicyShelf>();
        services.AddSingleton<ProjectDirectory>();
        services.AddSingleton<LateScrubbing>();
        services.AddSingleton<OutcomeCounter>();
        services.AddSingleton<FairGate>();
        services.AddSingleton<EventProcessor>();
        services.AddSingleton<DeadLetterBox>();
        services.AddSingleton<DatabaseLink>();
        services.AddSingleton<StormShedding>();
        services.AddSingleton<SpoolNotes>();
        services.AddSingleton<EarlyAnswers>();
        services.AddSingleton<CommitObservers>();
        services.AddSingleton<HashTransition>();
        services.AddSingleton<BatchWriter>();
        services.AddSingleton<EventBatcher>();
        // Before the batcher, and so stopped after it: its last batches are counted, too.
        services.AddHostedService<CountFolder>();
        services.AddHostedService(provider => provider.GetRequiredService<EventBatcher>());
        services.AddHostedService<SpoolReplay>();
        services.AddSingleton(provider =>
            UserHasher.Create(provider.GetRequiredService<IOptions<IngestOptions>>().Value.UserHashKey, dataDirectory));
        return services;
    }
}
