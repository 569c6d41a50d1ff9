using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs what a user wrote. The name and the address that the form asks for stay: they are given to be answered at.</summary>
internal static class FeedbackScrubber
{
    /// <summary>The report without what must go.</summary>
    internal static UserReport Scrub(UserReport report) => report with
    {
        Name = Text(report.Name),
        Email = Text(report.Email) is var email && email == "[email]" ? report.Email : email,
        Comments = Text(report.Comments),
        Url = Text(report.Url),
    };

    private static string Text(string text)
    {
        try
        {
            return ValueScrubber.Scrub(text, TextPlace.Prose);
        }
        catch (Exception)
        {
            return TextScrubber.Filtered;
        }
    }
}
