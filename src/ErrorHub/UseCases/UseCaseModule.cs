using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.UseCases;

/// <summary>Registers MediatR and every handler of this assembly.</summary>
public static class UseCaseModule
{
    /// <summary>Adds <see cref="UseCaseSender"/> and the handlers. MediatR's own DI package is not to be had, and is these lines.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services)
    {
        services.AddSingleton<UseCaseSender>();
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        var handlers =
            from type in typeof(UseCaseModule).Assembly.GetTypes()
            where type is { IsAbstract: false, IsInterface: false }
            from contract in type.GetInterfaces()
            where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            select (contract, type);
        foreach (var (contract, type) in handlers)
            services.AddTransient(contract, type);

        return services;
    }
}
