using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>The settings that would remove what a finding points at, not saved; null when the caller sees no such finding.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
/// <param name="Rule">The detector.</param>
/// <param name="Path">The place.</param>
public sealed record GetProposal(AccessScope Scope, string Slug, string Rule, string Path) : IRequest<ScrubbingProposal?>;

/// <summary>A rule that is proposed, among the settings in force.</summary>
/// <param name="Settings">The settings with it.</param>
/// <param name="Added">The name or the pattern that was added.</param>
/// <param name="Problem">Why it cannot be added; null when it can.</param>
/// <param name="Looked">Stored events that it was tried on: some of the last days, a few of each fault.</param>
/// <param name="Changed">Those of them from which it would remove something.</param>
public sealed record ScrubbingProposal(ScrubbingSettings Settings, string Added, string? Problem, int Looked, int Changed);

internal sealed class GetProposalHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<GetProposal, ScrubbingProposal?>
{
    private const int EventsTried = 200;
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);

    public async Task<ScrubbingProposal?> Handle(GetProposal request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug)
            .Select(p => new { p.Id, p.Scrubbing }).FirstOrDefaultAsync(cancellationToken);
        if (project is null || LeakDetector.Named(request.Rule) is not { } detector
            || !await db.PrivacyFindings.AnyAsync(f => f.ProjectId == project.Id && f.Rule == request.Rule && f.Path == request.Path, cancellationToken))
            return null;

        var settings = ProjectScrubbing.Of(project.Scrubbing).Settings;
        var key = KeyOf(request.Path);
        if (key is null && !detector.IsRule)
            return new ScrubbingProposal(settings, detector.Rule, "No pattern tells this from other words. Let the app send it under a name of its own, or not at all.", 0, 0);

        var proposed = key is null
            ? settings with { Rules = [.. settings.Rules.Where(r => r.Name != detector.Rule), new OwnRule(detector.Rule, detector.Pattern)] }
            : settings with { SensitiveKeys = [.. settings.SensitiveKeys.Where(k => k != key), key] };
        var added = key ?? detector.Rule;
        if (ScrubbingPolicy.Check(proposed) is [var problem, ..])
            return new ScrubbingProposal(settings, added, problem.ToString(), 0, 0);

        var policy = ScrubbingPolicy.Of(proposed);
        var (looked, changed) = (0, 0);
        await foreach (var (_, json) in new EventSample(db, project.Id).ReadAsync(time.GetUtcNow() - Window, EventsTried, cancellationToken))
        {
            if (!EventJson.TryParse(json, out var e))
                continue;

            looked++;
            changed += Rescrubbing.Scrub(e, policy) is null ? 0 : 1;
        }

        return new ScrubbingProposal(proposed, added, null, looked, changed);
    }

    /// <summary>The name of a value that an app chose, which tells it better than its looks; null where the event's own fields are named.</summary>
    internal static string? KeyOf(string path)
    {
        var steps = path.Replace("[*]", "", StringComparison.Ordinal).Split('.');
        var isNamedByTheApp = steps[0] is "extra" or "contexts" or "tags" || steps.Contains("vars") || steps.Contains("data") || steps.Contains("headers") || steps.Contains("query_string");
        return isNamedByTheApp && steps.Length > 1 && steps[^1] is { Length: > 2 } name && name is not ("data" or "vars" or "headers" or "query_string") && name.Any(char.IsLetter) ? name : null;
    }
}
