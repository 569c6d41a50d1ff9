using ErrorHub.Ingest;
using ErrorHub.Storage;

namespace ErrorHub.Web.Operations;

/// <summary>State of each part this process needs; a part that is not <c>ok</c> says why in a word or two.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
/// <param name="Database">Whether the database answers.</param>
/// <param name="Migrations">Whether its schema is the one this program needs.</param>
/// <param name="WriterQueue">Whether the queue of events has room.</param>
/// <param name="Spool">Whether local disk can stand in for the database, and how many events wait there.</param>
internal sealed record ReadinessReport(string Status, string Database, string Migrations, string WriterQueue, string Spool)
{
    internal bool IsReady => Status == "ready";
}

/// <summary>Can this process accept, and can it show?</summary>
internal sealed class Readiness(IServiceScopeFactory scopes, IDatabaseMaintenance maintenance, EventBatcher batcher, IEventSpool spool)
{
    public async Task<ReadinessReport> CheckAsync(CancellationToken cancellationToken)
    {
        const string ok = "ok";
        var database = await CanConnectAsync(cancellationToken) ? ok : "unreachable";
        var migrations = database == ok && await IsCurrentAsync(cancellationToken) ? ok : database == ok ? "not current" : "unknown";
        var queue = batcher.HasRoom ? ok : "full or stopped";
        var held = spool.State;
        var local = held switch
        {
            { Problem: { } problem } => problem,
            { Events: > 0 } => FormattableString.Invariant($"{held.Events} events wait for the database"),
            _ => ok,
        };
        // Events that wait are no reason to send traffic elsewhere; a spool that takes none is.
        var isReady = (database, migrations, queue, held.Problem) is (ok, ok, ok, null);
        return new ReadinessReport(isReady ? "ready" : "not ready", database, migrations, queue, local);
    }

    private async Task<bool> CanConnectAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>().Database.CanConnectAsync(cancellationToken);
    }

    private async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await maintenance.IsReadyAsync(cancellationToken);
        }
        catch (System.Data.Common.DbException)
        {
            return false;
        }
    }
}
