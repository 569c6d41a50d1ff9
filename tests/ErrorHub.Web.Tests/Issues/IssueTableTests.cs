using Bunit;
using ErrorHub.Issues;
using ErrorHub.Web.Issues;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Issues;

public sealed class IssueTableTests : BunitContext
{
    public IssueTableTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestIssues.Now));
        Services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
    }

    [Fact]
    public void Row_MarkupInEveryField_IsText()
    {
        const string h = TestIssues.Hostile;
        var table = Show(TestIssues.Row(h, h) with { Culprit = h, Environment = h, ProjectName = h, ShortId = h, AssigneeName = h });

        Assert.Empty(table.FindAll("img, script"));
        Assert.Equal($"{h} {h}", table.Find("[data-testid=issue-title]").TextContent);
        Assert.Equal(h, table.Find(".culprit").GetAttribute("title"));
    }

    [Fact]
    public void Row_Counts_AreShortWithTheFullNumberUnderThePointer()
    {
        var cell = Show(TestIssues.Row() with { Events = 2_415, TotalEvents = 1_234_567 }).Find("td.c-num");

        Assert.Equal("Events 2.4k", cell.TextContent);
        Assert.Equal("2,415 in the period, 1,234,567 ever", cell.GetAttribute("title"));
    }

    [Theory]
    [InlineData(IssueStatus.Unresolved, IssueSubstatus.Regressed, 2, "regressed ×2")]
    [InlineData(IssueStatus.Unresolved, IssueSubstatus.Regressed, 1, "regressed")]
    [InlineData(IssueStatus.Unresolved, IssueSubstatus.New, 0, "new")]
    [InlineData(IssueStatus.Resolved, IssueSubstatus.Ongoing, 1, "resolved")]
    [InlineData(IssueStatus.Archived, IssueSubstatus.ArchivedForever, 0, "archived")]
    public void Row_State_IsNamed(IssueStatus status, IssueSubstatus substatus, int regressions, string expected)
    {
        var row = TestIssues.Row() with { Status = status, Substatus = substatus, Regressions = regressions };

        Assert.Equal(expected, Show(row).Find("td.c-state").TextContent.Trim());
    }

    [Fact]
    public void Table_BulkActions_PostTheTickedIdsAndTheWayBack()
    {
        var table = Show(TestIssues.Row());
        var form = table.Find("form");

        Assert.Equal(("post", "/issues/actions"), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Equal("/issues?period=24h", form.QuerySelector("input[name=back]")!.GetAttribute("value"));
        Assert.Equal(TestIssues.Row().Id.ToString(), form.QuerySelector("input[name=id]")!.GetAttribute("value"));
        Assert.Equal("resolve", form.QuerySelector("[data-testid=resolve]")!.GetAttribute("value"));
        Assert.Equal("archive", form.QuerySelector("[data-testid=archive]")!.GetAttribute("value"));
    }

    private IRenderedComponent<IssueTable> Show(IssueRow row) => Render<IssueTable>(p => p
        .Add(t => t.Rows, [row])
        .Add(t => t.Back, "/issues?period=24h")
        .Add(t => t.ShowProject, true));

    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
