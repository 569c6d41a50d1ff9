using ErrorHub.Protocol.Events;

namespace ErrorHub.Issues;

/// <summary>One reason for a severity.</summary>
/// <param name="Name">Short name: <c>level</c>.</param>
/// <param name="Points">Points it adds.</param>
/// <param name="Reason">In words: <c>unhandled error</c>.</param>
public sealed record SeverityPart(string Name, double Points, string Reason);

/// <summary>How urgent an issue is, 0 to 100, and why. In this version by level alone; rate, users and trend come with the statistics.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Band">P1 from 70, P2 from 45, P3 from 20, else P4.</param>
/// <param name="Parts">What adds up to the score.</param>
public sealed record IssueSeverity(int Score, string Band, IReadOnlyList<SeverityPart> Parts)
{
    /// <summary>Severity of an issue from its newest event.</summary>
    public static IssueSeverity Of(SentryLevel level, bool? handled)
    {
        var (score, reason) = (level, handled) switch
        {
            (SentryLevel.Fatal, _) => (80, "fatal"),
            (SentryLevel.Error, false) => (60, "unhandled error"),
            (SentryLevel.Error, _) => (50, "error"),
            (SentryLevel.Warning, _) => (30, "warning"),
            (SentryLevel.Info, _) => (10, "info"),
            _ => (5, "debug"),
        };
        return new IssueSeverity(score, BandOf(score), [new SeverityPart("level", score, reason)]);
    }

    /// <summary>The band of a score.</summary>
    public static string BandOf(int score) => score switch { >= 70 => "P1", >= 45 => "P2", >= 20 => "P3", _ => "P4" };
}
