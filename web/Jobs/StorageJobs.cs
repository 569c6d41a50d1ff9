using ErrorHub.Storage;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>The database's upkeep as Hangfire calls it.</summary>
internal sealed class StorageJobs(IDatabaseMaintenance maintenance)
{
    /// <summary>Makes the partitions of the coming days.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task PrepareStorageAsync(CancellationToken cancellationToken) => maintenance.PrepareStorageAsync(cancellationToken);

    /// <summary>Removes events past their retention.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireEventsAsync(CancellationToken cancellationToken) => maintenance.ExpireEventsAsync(cancellationToken);
}
