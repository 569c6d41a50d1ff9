using System.Text.Json;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>Looks at some of the events that each project stored in the last day for what ingest may have let through.</summary>
/// <remarks>Answers how many findings are new.</remarks>
public sealed record SampleForLeaks : IRequest<int>, IUnattended;

internal sealed class SampleForLeaksHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<SampleForLeaks, int>
{
    private const int EventsOfProject = 500;
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public async Task<int> Handle(SampleForLeaks request, CancellationToken cancellationToken)
    {
        var added = 0;
        var now = time.GetUtcNow();
        foreach (var project in await db.Projects.AsNoTracking().Where(p => p.DeletedAt == null).Select(p => new { p.Id, p.Scrubbing }).ToListAsync(cancellationToken))
        {
            var policy = ScrubbingPolicy.Of(ProjectScrubbing.Of(project.Scrubbing).Settings);
            var found = await ScanAsync(project.Id, policy, now, cancellationToken);
            added += await SaveAsync(project.Id, found, cancellationToken);
            var before = now - PrivacyFinding.Kept;
            await db.PrivacyFindings.Where(f => f.ProjectId == project.Id && f.LastSeen < before).ExecuteDeleteAsync(cancellationToken);
        }

        return added;
    }

    private async Task<Dictionary<(string Rule, string Path), Sightings>> ScanAsync(long projectId, ScrubbingPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string Rule, string Path), Sightings>();
        await foreach (var (at, json) in new EventSample(db, projectId).ReadAsync(now - Window, EventsOfProject, cancellationToken))
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 160 });
            foreach (var (rule, path) in LeakScanner.Scan(document.RootElement, policy))
            {
                var key = (rule, StoredText.Fit(path, PrivacyFindingConfiguration.MaxPath));
                found[key] = found.TryGetValue(key, out var seen) ? seen.With(at) : new Sightings(1, at, at);
            }
        }

        return found;
    }

    private async Task<int> SaveAsync(long projectId, Dictionary<(string Rule, string Path), Sightings> found, CancellationToken cancellationToken)
    {
        var known = await db.PrivacyFindings.Where(f => f.ProjectId == projectId).ToDictionaryAsync(f => (f.Rule, f.Path), cancellationToken);
        var added = 0;
        foreach (var (key, seen) in found.OrderByDescending(f => f.Value.Events))
        {
            if (known.TryGetValue(key, out var finding))
            {
                (finding.Events, finding.LastSeen) = (finding.Events + seen.Events, seen.Newest > finding.LastSeen ? seen.Newest : finding.LastSeen);
            }
            else if (known.Count + added < PrivacyFinding.MaxPerProject)
            {
                added++;
                db.PrivacyFindings.Add(new PrivacyFinding { ProjectId = projectId, Rule = key.Rule, Path = key.Path, Events = seen.Events, FirstSeen = seen.First, LastSeen = seen.Newest });
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return added;
    }
}
