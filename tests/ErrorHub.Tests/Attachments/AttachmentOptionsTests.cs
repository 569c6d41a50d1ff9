using ErrorHub.Attachments;

namespace ErrorHub.Tests.Attachments;

public sealed class AttachmentOptionsTests
{
    [Theory]
    [InlineData("image/png", "event.attachment", false)]
    [InlineData("IMAGE/PNG; q=1", "event.attachment", false)]
    [InlineData("application/json", "event.view_hierarchy", false)]
    [InlineData("image/jpeg", "event.attachment", true)]
    [InlineData(null, "event.attachment", true)]
    public void Takes_RefusedTypes_AreNotKept(string? contentType, string kind, bool kept) => Assert.Equal(
        kept, new AttachmentOptions { RefusedTypes = "image/png, event.view_hierarchy" }.Takes(contentType, kind));

    [Fact]
    public void Takes_NonePerEvent_KeepsNone() => Assert.False(new AttachmentOptions { MaxPerEvent = 0 }.Takes(null, "event.attachment"));

    [Theory]
    [InlineData("a/b\\c.txt", "c.txt")]
    [InlineData("..", "attachment")]
    [InlineData(null, "attachment")]
    [InlineData("\u202egnp.exe\0", "gnp.exe")]
    [InlineData(" r\u00e9sum\u00e9.pdf ", "r\u00e9sum\u00e9.pdf")]
    public void FilenameOf_WhatASenderMayWrite_IsANameAndNoPath(string? sent, string name) => Assert.Equal(name, AttachmentText.FilenameOf(sent));

    [Fact]
    public void FilenameOf_LongName_FitsItsColumn() => Assert.Equal(255, AttachmentText.FilenameOf(new string('x', 5_000)).Length);

    [Fact]
    public void Validate_WrongSetting_IsNamed()
    {
        var result = new AttachmentOptionsValidator().Validate(null, new AttachmentOptions { MaxPerEvent = -1, MaxBytesPerEvent = 1 });

        Assert.Contains("ErrorHub__Attachments__MaxPerEvent is -1", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("ErrorHub__Attachments__MaxBytesPerEvent is 1", result.FailureMessage, StringComparison.Ordinal);
    }
}
