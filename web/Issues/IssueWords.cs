using ErrorHub.Issues;
using ErrorHub.Web.Shared;

namespace ErrorHub.Web.Issues;

/// <summary>Sentences about an issue that more than one page says.</summary>
internal static class IssueWords
{
    /// <summary>How many events it has, and how many bodies are kept when that is fewer: <c>1,204,331 events, 5,120 kept</c>.</summary>
    public static string Kept(IssueRow row) => row.KeptEvents < row.TotalEvents
        ? $"{Numbers.Of(row.TotalEvents, "event")}, {Numbers.Full(row.KeptEvents)} kept"
        : Numbers.Of(row.TotalEvents, "event");
}
