using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Privacy;
using ErrorHub.Sessions;
using ErrorHub.SourceMaps;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>The database's upkeep as Hangfire calls it.</summary>
internal sealed class StorageJobs(IDatabaseMaintenance maintenance, UseCaseSender useCases)
{
    /// <summary>Makes the partitions of the coming days.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task PrepareStorageAsync(CancellationToken cancellationToken) => maintenance.PrepareStorageAsync(cancellationToken);

    /// <summary>Removes events past their retention.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireEventsAsync(CancellationToken cancellationToken) => maintenance.ExpireEventsAsync(cancellationToken);

    /// <summary>Removes attachments past their retention, and those whose event never came.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireAttachmentsAsync(CancellationToken cancellationToken) => useCases.SendAsync(new ExpireAttachments(), cancellationToken);

    /// <summary>Removes what users wrote and is past its retention.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireFeedbackAsync(CancellationToken cancellationToken) => useCases.SendAsync(new ExpireFeedback(), cancellationToken);

    /// <summary>Forgets single sessions, and the oldest counts of sessions.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireSessionsAsync(CancellationToken cancellationToken) => useCases.SendAsync(new ExpireSessions(), cancellationToken);

    /// <summary>Removes uploaded artifacts past their time, and what is left of uploads.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task ExpireArtifactsAsync(CancellationToken cancellationToken) => useCases.SendAsync(new ExpireArtifacts(), cancellationToken);

    /// <summary>Looks at some of the day's events for what ingest may have let through.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task SampleForLeaksAsync(CancellationToken cancellationToken) => useCases.SendAsync(new SampleForLeaks(), cancellationToken);

    /// <summary>Removes files that belong to no attachment.</summary>
    [DisableConcurrentExecution(timeoutInSeconds: 10)]
    public Task SweepAttachmentsAsync(CancellationToken cancellationToken) => useCases.SendAsync(new SweepAttachments(), cancellationToken);
}
