using ErrorHub.Privacy;

namespace ErrorHub.Web.Api;

/// <summary>A run over a project's stored events.</summary>
/// <param name="Policy">Name and version of the rules.</param>
/// <param name="Phase"><c>events</c>, <c>beside</c> (attachments, feedback and dead letters), <c>issues</c> or <c>done</c>.</param>
/// <param name="DateStarted">When it was started, or began anew because the rules changed meanwhile.</param>
/// <param name="DateBegins">When it looks at the first event, a minute later: those that are on their way are stored by then.</param>
/// <param name="DateFinished">When it was done; null while it is not.</param>
/// <param name="Progress">How far it is through the events, from 0 to 1.</param>
/// <param name="EventsSeen">Events looked at.</param>
/// <param name="EventsChanged">Events from which something was taken.</param>
/// <param name="IssuesChanged">Issues whose texts or tags were changed.</param>
internal sealed record RescrubJson(
    string Policy, string Phase, DateTimeOffset DateStarted, DateTimeOffset DateBegins, DateTimeOffset? DateFinished, double Progress, long EventsSeen, long EventsChanged,
    long IssuesChanged)
{
    public static RescrubJson Of(RescrubRun run) => new(
        run.Policy, run.Phase.ToString().ToLowerInvariant(), run.StartedAt, run.BeginsAt, run.FinishedAt, Math.Round(run.Share, 3), run.EventsSeen, run.EventsChanged, run.IssuesChanged);
}
