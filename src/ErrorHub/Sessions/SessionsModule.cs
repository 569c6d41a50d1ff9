using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Sessions;

/// <summary>Registers what counts sessions.</summary>
public static class SessionsModule
{
    /// <summary>Adds the batcher.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionBatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionBatcher>());
        return services;
    }
}
