namespace ErrorHub.Issues;

/// <summary>What an issue's state means as time goes by.</summary>
internal static class IssueStates
{
    /// <summary>How long an issue that nobody touched counts as new.</summary>
    public static readonly TimeSpan NewFor = TimeSpan.FromDays(7);

    /// <summary>The substatus to show now: a new issue turns ongoing by age alone, without a job that rewrites rows.</summary>
    public static IssueSubstatus Current(IssueSubstatus stored, DateTimeOffset firstSeen, DateTimeOffset now) =>
        stored == IssueSubstatus.New && firstSeen < now - NewFor ? IssueSubstatus.Ongoing : stored;
}
