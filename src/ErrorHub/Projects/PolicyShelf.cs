using ErrorHub.Scrubbing;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Projects;

/// <summary>The prepared policies of all projects, each made once and for as long as some project has its settings.</summary>
/// <remarks>
/// Settings that cannot be read, because a newer version wrote them or somebody edited the row, must not stop ingest and must not let
/// anything through that the default would hold back: such a project is scrubbed like one without settings, and the log says so.
/// </remarks>
public sealed partial class PolicyShelf(ILogger<PolicyShelf> logger)
{
    private volatile Dictionary<string, ScrubbingPolicy> _policies = [];

    /// <summary>Prepares what is new among these settings, and forgets what is not among them.</summary>
    internal void Keep(IEnumerable<(long ProjectId, string? Settings)> projects)
    {
        var policies = new Dictionary<string, ScrubbingPolicy>();
        foreach (var (projectId, settings) in projects)
            if (settings is not null && !policies.ContainsKey(settings))
                policies.Add(settings, _policies.TryGetValue(settings, out var known) ? known : Prepare(projectId, settings));

        _policies = policies;
    }

    /// <summary>The policy of settings that are kept.</summary>
    internal ScrubbingPolicy PolicyOf(string? settings) => settings is null ? ScrubbingPolicy.Strict : _policies[settings];

    /// <summary>The policy of a project's settings, whether they are kept or not.</summary>
    internal ScrubbingPolicy PolicyFor(long projectId, string? settings) =>
        settings is null ? ScrubbingPolicy.Strict : _policies.TryGetValue(settings, out var known) ? known : Prepare(projectId, settings);

    private ScrubbingPolicy Prepare(long projectId, string settings)
    {
        try
        {
            return ScrubbingPolicy.Of(ScrubbingSettings.Parse(settings));
        }
        catch (Exception e)
        {
            Log.Unreadable(logger, projectId, e.Message);
            return ScrubbingPolicy.Strict;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1321, LogLevel.Error, "The scrubbing settings of project {ProjectId} cannot be used. Its events are scrubbed by the default, strict, until they are saved again: {Reason}")]
        public static partial void Unreadable(ILogger logger, long projectId, string reason);
    }
}
