using ErrorHub.Activity;
using ErrorHub.Ingest;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Feedback;

/// <summary>Keeps what a user wrote; what is known under the same id is overwritten.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="FeedbackId">What the sender knows it by.</param>
/// <param name="Report">The words.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="RetentionDays">Days it is kept.</param>
/// <remarks>Answers our key of it.</remarks>
public sealed record AddFeedback(long ProjectId, SentryId FeedbackId, UserReport Report, DateTimeOffset ReceivedAt, short RetentionDays)
    : IRequest<Guid>, IUnattended
{
    /// <summary>A report as it is stored.</summary>
    internal static UserReport Fit(UserReport report) => report with
    {
        Name = StoredText.Fit(report.Name, 128),
        Email = StoredText.Fit(report.Email, 254),
        Comments = StoredText.Fit(report.Comments, UserReport.MaxComments),
        Url = StoredText.Fit(report.Url, 2_048),
    };
}

internal sealed class AddFeedbackHandler(ErrorHubDbContext db) : IRequestHandler<AddFeedback, Guid>
{
    // Another request may add the same between our look and our insert; then we look again.
    private const int Tries = 3;

    public async Task<Guid> Handle(AddFeedback request, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                var row = await FindOrAddAsync(request, cancellationToken);
                var report = AddFeedback.Fit(request.Report);
                (row.EventId, row.Name, row.Email, row.Comments, row.Url) = (report.EventId?.Value, report.Name, report.Email, report.Comments, report.Url);
                await db.SaveChangesAsync(cancellationToken);
                return row.Id;
            }
            catch (DbUpdateException) when (tried < Tries)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<UserFeedback> FindOrAddAsync(AddFeedback request, CancellationToken cancellationToken)
    {
        var feedbackId = request.FeedbackId.Value;
        if (await db.UserFeedback.FirstOrDefaultAsync(f => f.ProjectId == request.ProjectId && f.FeedbackId == feedbackId, cancellationToken) is { } known)
            return known;

        var added = new UserFeedback
        {
            ProjectId = request.ProjectId,
            Id = Guid.CreateVersion7(request.ReceivedAt),
            FeedbackId = feedbackId,
            Name = "",
            Email = "",
            Comments = "",
            Url = "",
            ReceivedAt = EventProcessor.Microseconds(request.ReceivedAt),
            RetentionDays = request.RetentionDays,
        };
        db.UserFeedback.Add(added);
        return added;
    }
}
