using System.Globalization;
using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Normalization;
using ErrorHub.Projects;
using ErrorHub.Retention;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ErrorHub.Demo;

/// <summary>
/// Fills an empty installation with three projects and 30 days of their life: the events go the way of real ones, and people's
/// decisions are the use cases of the pages. The same at the same time: everything random comes from a fixed seed.
/// </summary>
public static class DemoData
{
    private const int Seed = 20_261_125;
    private const int MaxBatch = 500;
    private const double Days = 30;

    private sealed record Occurrence(DateTimeOffset At, DemoProject Project, DemoFault Fault);

    private sealed record Decision(DateTimeOffset At, DemoFault Fault, IssueStatus Status);

    /// <summary>Makes the projects and lives through their days.</summary>
    /// <param name="services">The application's services, with <see cref="DemoModule.AddDemo"/>.</param>
    /// <param name="progress">Told a line now and then, for people.</param>
    /// <param name="cancellationToken">Stops between two batches; what is there stays.</param>
    /// <exception cref="InstallationNotEmptyException">There are events already.</exception>
    public static async Task FillAsync(IServiceProvider services, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await RequireEmptyAsync(services, cancellationToken);
        var clock = services.GetRequiredService<DemoClock>();
        var retention = services.GetRequiredService<IOptions<RetentionOptions>>().Value.Days;
        // Nothing may be older than what is kept: where that is less than the 30 days, each of them is a shorter one.
        var time = new DemoTime(clock.GetUtcNow(), Math.Min(1, Math.Max(retention - 1, 0.5) / Days));
        clock.MoveTo(time.DaysAgo(Days));

        var occurrences = new List<Occurrence>();
        var decisions = new List<Decision>();
        foreach (var (index, app) in DemoApp.LoadAll().Index())
        {
            var random = new Random(Seed + index);
            var project = new DemoProject(await MakeProjectAsync(services, app, cancellationToken), app, time, random);
            occurrences.AddRange(
                from fault in app.Faults
                from phase in fault.Phases
                from at in DemoRhythm.TimesOf(phase, time, random)
                select new Occurrence(at, project, fault));
            decisions.AddRange(app.Faults.SelectMany(fault => DecisionsOn(fault, time)));
            progress.Report($"Made the project {app.Name}.");
        }

        var issues = await LiveAsync(services, clock, occurrences, decisions, progress, cancellationToken);
        clock.MoveTo(time.Now);
        progress.Report(string.Create(CultureInfo.InvariantCulture, $"Done: {issues} issues, {occurrences.Count:N0} events. Start ErrorHub to look at them."));
    }

    private static async Task RequireEmptyAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        // A first project and its owner may be there: the first start makes them.
        if (await db.Projects.AnyAsync(p => p.FirstEventAt != null, cancellationToken))
        {
            throw new InstallationNotEmptyException(
                "There are events already, and made-up ones must not mix with them; run demo with an empty database or data directory, "
                + "for example ErrorHub__DataDirectory=./demo-data");
        }
    }

    private static async Task<long> MakeProjectAsync(IServiceProvider services, DemoApp app, CancellationToken cancellationToken)
    {
        var made = await services.GetRequiredService<UseCaseSender>().SendAsync(
            new CreateProject(AccessScope.System, app.Name, null, app.OnboardingPlatform), cancellationToken);
        return made.Value?.Id ?? throw new InvalidOperationException($"The project {app.Name} could not be made: {made.Problem}");
    }

    // As if it had come in at that time.
    private static EventSource SourceOf(Occurrence o) => new(o.Project.Id, null, null, new NormalizationContext(o.At, o.At, null, null, null), ScrubbingPolicy.Strict);

    private static IEnumerable<Decision> DecisionsOn(DemoFault fault, DemoTime time)
    {
        if (fault.Resolve is { } resolved)
            yield return new Decision(time.DaysAgo(resolved), fault, IssueStatus.Resolved);
        if (fault.Archive is { } archived)
            yield return new Decision(time.DaysAgo(archived), fault, IssueStatus.Archived);
    }

    /// <summary>Writes everything in the order of time, with the clock beside it.</summary>
    /// <returns>How many issues came of it.</returns>
    private static async Task<int> LiveAsync(
        IServiceProvider services, DemoClock clock, List<Occurrence> occurrences, List<Decision> decisions,
        IProgress<string> progress, CancellationToken cancellationToken)
    {
        var writer = services.GetRequiredService<IEventWriter>();
        var processor = services.GetRequiredService<EventProcessor>();
        var useCases = services.GetRequiredService<UseCaseSender>();
        var issues = new Dictionary<DemoFault, Guid>(ReferenceEqualityComparer.Instance);
        var waiting = new Queue<Occurrence>(occurrences.OrderBy(o => o.At));

        foreach (var decision in decisions.OrderBy(d => d.At))
        {
            await WriteUntilAsync(decision.At);
            if (!issues.TryGetValue(decision.Fault, out var issue))
                continue;

            clock.MoveTo(decision.At);
            await useCases.SendAsync(new UpdateIssues(AccessScope.System, [issue], decision.Status, null), cancellationToken);
        }

        await WriteUntilAsync(DateTimeOffset.MaxValue);
        return issues.Values.Distinct().Count();

        async Task WriteUntilAsync(DateTimeOffset end)
        {
            var batch = new List<Occurrence>(MaxBatch);
            while (waiting.TryPeek(out var next) && next.At < end)
            {
                batch.Add(waiting.Dequeue());
                if (batch.Count == MaxBatch)
                    await WriteAsync(batch);
            }

            if (batch.Count > 0)
                await WriteAsync(batch);
        }

        async Task WriteAsync(List<Occurrence> batch)
        {
            clock.MoveTo(batch[^1].At);
            var results = await writer.WriteAsync(
                [.. batch.Select(o => processor.Process(o.Project.EventOf(o.Fault, o.At), SourceOf(o)).Event!)], [], cancellationToken);
            foreach (var (occurrence, result) in batch.Zip(results))
                issues[occurrence.Fault] = result.IssueId;

            if (batch[^1].At.Day != batch[0].At.Day)
                progress.Report(string.Create(CultureInfo.InvariantCulture, $"{batch[^1].At:yyyy-MM-dd}, {waiting.Count:N0} events to go"));

            batch.Clear();
        }
    }
}
