using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErrorHub.RateLimiting;

/// <summary>Registers limits and quotas.</summary>
public static class RateLimitingModule
{
    /// <summary>Adds the limiter and what shares its counts between processes.</summary>
    public static IServiceCollection AddRateLimiting(this IServiceCollection services)
    {
        services.AddOptions<QuotaOptions>().BindConfiguration(QuotaOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>();
        services.AddSingleton<IngestLimiter>();
        services.AddHostedService<LimitSharing>();
        return services;
    }
}
