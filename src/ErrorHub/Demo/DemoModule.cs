using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ErrorHub.Demo;

/// <summary>Registers what <see cref="DemoData"/> needs.</summary>
public static class DemoModule
{
    /// <summary>Puts <see cref="DemoClock"/> in the place of the real clock. Only for a process that does nothing else.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        var clock = new DemoClock();
        services.AddSingleton(clock);
        return services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
    }
}
