using ErrorHub.Issues;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Web.Tests.Issues;

internal static class TestIssues
{
    public const string Hostile = "<img src=x onerror=alert(1)>\"'&";

    public static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 30, 0, TimeSpan.Zero);

    public static IssueRow Row(string type = "TypeError", string value = "x is undefined") => new()
    {
        Id = Guid.Parse("01a1bfce-1672-7564-b9ee-2fe98e45b6f0"),
        ProjectId = 7,
        ProjectSlug = "shop",
        ProjectName = "Shop",
        ShortId = "SHOP-12",
        Title = $"{type}: {value}",
        Type = type,
        Value = value,
        Culprit = "GET /cart",
        Level = SentryLevel.Error,
        Platform = "javascript",
        Severity = IssueSeverity.Of(SentryLevel.Error, true),
        Status = IssueStatus.Unresolved,
        Substatus = IssueSubstatus.Ongoing,
        Regressions = 0,
        Environment = "production",
        FirstRelease = "shop@1.0",
        LastRelease = "shop@1.1",
        Events = 12,
        TotalEvents = 2_415,
        KeptEvents = 2_415,
        Users = 3,
        FirstSeen = Now.AddDays(-3),
        LastSeen = Now.AddMinutes(-5),
        Last24Hours = [.. new long[23], 4],
    };
}
