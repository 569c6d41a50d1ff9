using System.Data.Common;
using ErrorHub.Ingest;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Retention;
using ErrorHub.UseCases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Feedback;

/// <summary>
/// Keeps what users wrote, as ingest endpoints receive it, and counts what becomes of it. A database that is away costs the words,
/// counted, and never the event beside them.
/// </summary>
public sealed partial class FeedbackIntake(
    UseCaseSender useCases, OutcomeCounter outcomes, IOptions<RetentionOptions> retention, ILogger<FeedbackIntake> logger)
{
    // The answer to the sender waits for it.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    /// <summary>Keeps one user's words.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="retentionDays">Days the project keeps events; null for the installation's setting.</param>
    /// <param name="feedbackId">What the sender knows it by.</param>
    /// <param name="report">The words.</param>
    /// <param name="receivedAt">When they came.</param>
    /// <returns>False when the database could not take them.</returns>
    public async Task<bool> KeepAsync(long projectId, short? retentionDays, SentryId feedbackId, UserReport report, DateTimeOffset receivedAt)
    {
        var stored = false;
        try
        {
            using var budget = new CancellationTokenSource(Budget);
            await useCases.SendAsync(new AddFeedback(projectId, feedbackId, report, receivedAt, retentionDays ?? retention.Value.Days), budget.Token);
            stored = true;
        }
        catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            Log.Failed(logger, e);
        }

        outcomes.Add(
            projectId, receivedAt, stored ? Outcome.Accepted : Outcome.Invalid, stored ? DiscardReason.None : DiscardReason.Unavailable,
            DataCategory.Feedback);
        return stored;
    }

    private static partial class Log
    {
        [LoggerMessage(1511, LogLevel.Warning, "What a user wrote is not stored: the database did not take it.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

/// <summary>Registers what keeps users' words.</summary>
public static class FeedbackModule
{
    /// <summary>Adds the intake.</summary>
    public static IServiceCollection AddFeedback(this IServiceCollection services) => services.AddSingleton<FeedbackIntake>();
}
