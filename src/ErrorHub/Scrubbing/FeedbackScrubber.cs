using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs what a user wrote. The name and the address that the form asks for stay: they are given to be answered at.</summary>
internal static class FeedbackScrubber
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(500);

    /// <summary>The report without what must go.</summary>
    internal static UserReport Scrub(UserReport report, ScrubbingPolicy policy) => Scrub(report, policy, Budget);

    /// <summary>Likewise within some time.</summary>
    internal static UserReport Scrub(UserReport report, ScrubbingPolicy policy, TimeSpan budget)
    {
        var run = ScrubbingRun.Begin(budget, policy);
        return report with
        {
            Name = Text(report.Name, run),
            Email = Text(report.Email, run) is var email && email == "[email]" ? report.Email : email,
            Comments = Text(report.Comments, run),
            Url = Text(report.Url, run),
        };
    }

    private static string Text(string text, ScrubbingRun run)
    {
        try
        {
            return ValueScrubber.Scrub(text, TextPlace.Prose, run);
        }
        catch (Exception)
        {
            return TextScrubber.Filtered;
        }
    }
}
