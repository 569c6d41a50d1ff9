using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Privacy;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Sets how a project's events are scrubbed, from the next one on. Owners only.</summary>
/// <param name="Scope">Who sets it.</param>
/// <param name="Slug">The project.</param>
/// <param name="Settings">All settings; those that have a problem (<see cref="ScrubbingPolicy.Check"/>) are refused.</param>
public sealed record SetScrubbing(AccessScope Scope, string Slug, ScrubbingSettings Settings) : IRequest<ChangeResult<ScrubbingSettings>>, IChange;

internal sealed class SetScrubbingHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<SetScrubbing, ChangeResult<ScrubbingSettings>>
{
    public async Task<ChangeResult<ScrubbingSettings>> Handle(SetScrubbing request, CancellationToken cancellationToken)
    {
        if (await db.Projects.VisibleTo(request.Scope).FirstOrDefaultAsync(p => p.Slug == request.Slug, cancellationToken) is not { } project)
            return ChangeResult<ScrubbingSettings>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<ScrubbingSettings>.Forbidden();
        if (ScrubbingPolicy.Check(request.Settings) is { Count: > 0 } problems)
            return ChangeResult<ScrubbingSettings>.Invalid(string.Join('\n', problems));

        var settings = request.Settings.Tidy();
        if (settings.ToJson() == project.Scrubbing)
            return ChangeResult<ScrubbingSettings>.Done(settings);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), "project.scrubbing_changed", project.Slug, project.Id,
            Difference(ProjectScrubbing.Of(project.Scrubbing).Settings, settings)));
        project.Scrubbing = settings.ToJson();
        await db.SaveChangesAsync(cancellationToken);
        await db.BeginRescrubAnewAsync(project.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<ScrubbingSettings>.Done(settings);
    }

    /// <summary>What becomes different: <c>variables: keep → drop; safeKeys: 2 → 3</c>. Neither keys, which can be a person's name, nor a
    /// configuration, which has the key of its hashes.</summary>
    private static string Difference(ScrubbingSettings before, ScrubbingSettings after)
    {
        const int MaxDetail = 1_024;
        using var old = JsonDocument.Parse(before.ToFullJson());
        using var fresh = JsonDocument.Parse(after.ToFullJson());
        var changes = fresh.RootElement.EnumerateObject()
            .Where(p => !JsonElement.DeepEquals(p.Value, old.RootElement.GetProperty(p.Name)))
            .Select(p => (p.Name, Before: Word(p.Name, old.RootElement.GetProperty(p.Name)), After: Word(p.Name, p.Value)))
            .Select(c => c.Before == c.After ? $"{c.Name}: changed" : $"{c.Name}: {c.Before} → {c.After}");
        var text = string.Join("; ", changes);
        return text.Length <= MaxDetail ? text : text[..MaxDetail];
    }

    private static string Word(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"{value.GetArrayLength()}",
        JsonValueKind.Null => "none",
        JsonValueKind.String => name == "piiConfig" ? "set" : value.GetString()!,
        _ => value.GetRawText(),
    };
}
