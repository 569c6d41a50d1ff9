using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.UseCases;

/// <summary>
/// Runs a use case in a scope of its own, with its own database context. Pages, endpoints and jobs all go through it; nothing
/// else injects <see cref="IMediator"/> or the context.
/// </summary>
public sealed class UseCaseSender(IServiceScopeFactory scopes)
{
    /// <summary>Sends the request to its handler and returns what it answers.</summary>
    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }
}
