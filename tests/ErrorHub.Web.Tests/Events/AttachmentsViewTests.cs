using Bunit;
using ErrorHub.Attachments;
using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Issues;

namespace ErrorHub.Web.Tests.Events;

public sealed class AttachmentsViewTests : BunitContext
{
    [Fact]
    public void Render_MarkupInNameAndType_IsTextBesideALinkToTheDownload()
    {
        var (issue, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var view = Render<AttachmentsView>(p => p.Add(v => v.IssueId, issue).Add(v => v.Attachments,
            [new AttachmentRow(7, id, TestEvents.Here, TestIssues.Hostile, TestIssues.Hostile, "event.attachment", 1536, [], TestIssues.Now)]));

        Assert.Empty(view.FindAll("img, script"));
        Assert.Equal(TestIssues.Hostile, view.Find("[data-testid=attachment] a").TextContent);
        Assert.Equal($"/issues/{issue}/events/{TestEvents.Here}/attachments/{id}", view.Find("a").GetAttribute("href"));
        Assert.Contains("1.5 KiB", view.Find("td").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoAttachment_ShowsNothing() => Assert.Equal(
        "", Render<AttachmentsView>(p => p.Add(v => v.IssueId, Guid.Empty).Add(v => v.Attachments, [])).Markup);
}
