using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Retention;
using ErrorHub.Scrubbing;
using ErrorHub.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Feedback;

/// <summary>
/// Keeps what users wrote, as ingest endpoints receive it, and counts what becomes of it. What the database does not take in time goes to
/// the spool; a spool without room costs the words, counted, and never the event beside them.
/// </summary>
public sealed partial class FeedbackIntake(
    UseCaseSender useCases, SpoolNotes notes, LateScrubbing late, OutcomeCounter outcomes, IOptions<RetentionOptions> retention, IOptions<IngestOptions> ingest, ILogger<FeedbackIntake> logger)
    : ISpoolNoteStore
{
    // The answer to the sender waits; a database that is late may have the words later all the same, which changes nothing.
    private readonly TimeSpan _patience = ingest.Value.WriteTimeBudget;

    /// <inheritdoc/>
    public byte Kind => SpoolNote.FirstKind + 1;

    /// <summary>Keeps one user's words.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="retentionDays">Days the project keeps events; null for the installation's setting.</param>
    /// <param name="scrubbing">The project's rules.</param>
    /// <param name="feedbackId">What the sender knows it by.</param>
    /// <param name="report">The words.</param>
    /// <param name="receivedAt">When they came.</param>
    /// <returns>False when neither the database nor the spool could take them.</returns>
    public async Task<bool> KeepAsync(
        long projectId, short? retentionDays, ScrubbingPolicy scrubbing, SentryId feedbackId, UserReport report, DateTimeOffset receivedAt)
    {
        // Before it can reach the spool, the database or a log.
        var words = new AddFeedback(projectId, feedbackId, FeedbackScrubber.Scrub(report, scrubbing), receivedAt, retentionDays ?? retention.Value.Days);
        if (!notes.IsDatabaseAway && await TryAddAsync(words))
        {
            Count(words, Outcome.Accepted, DiscardReason.None);
            return true;
        }

        if (await notes.TryKeepAsync(Kind, Spooled.Write(words)))
            return true;

        Count(words, Outcome.Invalid, DiscardReason.Unavailable);
        return false;
    }

    /// <inheritdoc/>
    public async Task StoreAsync(ReadOnlyMemory<byte> note, CancellationToken cancellationToken)
    {
        var words = Spooled.Read(note.Span);
        // The rules may have tightened while it waited.
        words = words with { Report = FeedbackScrubber.Scrub(words.Report, await late.PolicyAsync(words.ProjectId, cancellationToken)) };
        await useCases.SendAsync(words, cancellationToken);
        Count(words, Outcome.Accepted, DiscardReason.None);
    }

    private async Task<bool> TryAddAsync(AddFeedback words)
    {
        var adding = Task.Run(async () =>
        {
            using var budget = new CancellationTokenSource(_patience);
            await useCases.SendAsync(words, budget.Token);
        });
        await adding.WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (adding.IsCompletedSuccessfully)
            return true;

        Log.Failed(logger, adding.Exception?.InnerException?.Message ?? $"no answer within {_patience.TotalMilliseconds} ms");
        return false;
    }

    private void Count(AddFeedback words, Outcome outcome, DiscardReason reason) =>
        outcomes.Add(words.ProjectId, words.ReceivedAt, outcome, reason, DataCategory.Feedback);

    /// <summary>How the words lie in the spool.</summary>
    private sealed record Spooled(
        long ProjectId, Guid FeedbackId, Guid? EventId, string Name, string Email, string Comments, string Url, DateTimeOffset ReceivedAt, short RetentionDays)
    {
        public static byte[] Write(AddFeedback words) => JsonSerializer.SerializeToUtf8Bytes(new Spooled(
            words.ProjectId, words.FeedbackId.Value, words.Report.EventId?.Value, words.Report.Name, words.Report.Email, words.Report.Comments,
            words.Report.Url, words.ReceivedAt, words.RetentionDays));

        public static AddFeedback Read(ReadOnlySpan<byte> bytes)
        {
            var spooled = JsonSerializer.Deserialize<Spooled>(bytes)!;
            var report = new UserReport
            {
                EventId = spooled.EventId is { } id ? new SentryId(id) : null,
                Name = spooled.Name,
                Email = spooled.Email,
                Comments = spooled.Comments,
                Url = spooled.Url,
            };
            return new AddFeedback(spooled.ProjectId, new SentryId(spooled.FeedbackId), report, spooled.ReceivedAt, spooled.RetentionDays);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1511, LogLevel.Warning, "What a user wrote is not in the database yet: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

/// <summary>Registers what keeps users' words.</summary>
public static class FeedbackModule
{
    /// <summary>Adds the intake.</summary>
    public static IServiceCollection AddFeedback(this IServiceCollection services) => services
        .AddSingleton<FeedbackIntake>()
        .AddSingleton<ISpoolNoteStore>(provider => provider.GetRequiredService<FeedbackIntake>());
}
