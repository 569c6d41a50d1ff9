using System.Buffers;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ErrorHub.Projects;

/// <summary>What would be stored of an event. Nothing of it is kept, logged or sent anywhere.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
/// <param name="Settings">By which settings; null for those in force.</param>
/// <param name="Event">The event as an SDK sends it; null for the newest that the project has stored.</param>
public sealed record GetScrubbingPreview(AccessScope Scope, string Slug, ScrubbingSettings? Settings, ReadOnlyMemory<byte>? Event)
    : IRequest<ChangeResult<ScrubbingPreview>>;

/// <summary>What scrubbing makes of an event.</summary>
/// <param name="Policy">Name and version of the rules.</param>
/// <param name="Stored">The event as it would be stored.</param>
/// <param name="Changes">Where that differs from what scrubbing was given, an event that is read and normalised.</param>
/// <param name="Receipt">What was taken out.</param>
/// <param name="Meta">The remarks in Relay's form; null when there are none.</param>
public sealed record ScrubbingPreview(
    string Policy, JsonElement Stored, IReadOnlyList<JsonChange> Changes, ScrubbingReceipt Receipt, JsonElement? Meta);

internal sealed class GetScrubbingPreviewHandler(ErrorHubDbContext db, IOptions<IngestOptions> ingest, TimeProvider time)
    : IRequestHandler<GetScrubbingPreview, ChangeResult<ScrubbingPreview>>
{
    public async Task<ChangeResult<ScrubbingPreview>> Handle(GetScrubbingPreview request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug)
            .Select(p => new { p.Id, p.Scrubbing }).FirstOrDefaultAsync(cancellationToken);
        if (project is null)
            return ChangeResult<ScrubbingPreview>.NotFound();

        var settings = request.Settings ?? ProjectScrubbing.Of(project.Scrubbing).Settings;
        if (ScrubbingPolicy.Check(settings) is { Count: > 0 } problems)
            return ChangeResult<ScrubbingPreview>.Invalid(string.Join('\n', problems));

        var policy = ScrubbingPolicy.Of(settings);
        if (request.Event is { } sent)
            return Read(sent, out var e) is { } problem ? ChangeResult<ScrubbingPreview>.Invalid(problem) : ChangeResult<ScrubbingPreview>.Done(Preview(e, policy));

        return await NewestAsync(project.Id, request.Scope, cancellationToken) is { } stored
            ? ChangeResult<ScrubbingPreview>.Done(Preview(stored, policy))
            : ChangeResult<ScrubbingPreview>.Invalid("The project has no event yet; paste one.");
    }

    private string? Read(ReadOnlyMemory<byte> sent, out SentryEvent e)
    {
        e = new SentryEvent();
        if (sent.Length > ingest.Value.MaxEventBytes)
            return $"The event has more than {ingest.Value.MaxEventBytes} bytes.";
        if (!EventJson.TryParse(sent, out var read))
            return "The event is no JSON object.";

        // As ingest does it, but for the sender's address, which nobody pasted.
        EventNormalizer.Apply(read, new NormalizationContext(EventProcessor.Microseconds(time.GetUtcNow()), null, null, null, null));
        e = read;
        return null;
    }

    private async Task<SentryEvent?> NewestAsync(long projectId, AccessScope scope, CancellationToken cancellationToken)
    {
        var issueId = await db.Issues.Where(i => i.ProjectId == projectId).OrderByDescending(i => i.LastSeen).Select(i => i.Id).FirstOrDefaultAsync(cancellationToken);
        var events = issueId == Guid.Empty ? null : await IssueEvents.FindAsync(db, scope, issueId, cancellationToken);
        var place = events is null ? null : await events.LastAsync(cancellationToken);
        return place is null ? null : (await events!.ReadAsync(place, cancellationToken))?.Event;
    }

    private static ScrubbingPreview Preview(SentryEvent e, ScrubbingPolicy policy)
    {
        // What a sender says that we removed is not ours, and what was removed from a stored event before is no part of this.
        e.Receipt = null;
        var before = Write(e);
        var scrubbed = EventScrubber.Scrub(e, policy);
        var after = Write(scrubbed);
        return new ScrubbingPreview(
            policy.Version, after, JsonChanges.Between(before, after, "errorhub", "_meta"), scrubbed.Receipt!,
            after.TryGetProperty("_meta", out var meta) ? meta : null);
    }

    private static JsonElement Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        using var document = JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = 160 });
        return document.RootElement.Clone();
    }
}
