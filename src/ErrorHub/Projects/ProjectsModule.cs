using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ErrorHub.Projects;

/// <summary>Registers what projects need beside their use cases.</summary>
public static class ProjectsModule
{
    /// <summary>Adds the clock that the handlers read.</summary>
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
