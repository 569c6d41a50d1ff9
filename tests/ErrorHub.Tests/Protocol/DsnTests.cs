using ErrorHub.Protocol;

namespace ErrorHub.Tests.Protocol;

public sealed class DsnTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("https://0123456789abcdef0123456789abcdef@host/1", 1)]
    [InlineData("http://0123456789ABCDEF0123456789ABCDEF:secret@host:9000/sub/path/42", 42)]
    [InlineData(" http://0123456789abcdef0123456789abcdef@[::1]:9000/7 ", 7)]
    public void TryParse_FormsThatSdksAccept_KeyAndProject(string text, long project)
    {
        Assert.True(Dsn.TryParse(text, out var dsn));
        Assert.Equal(new Dsn(Key, project), dsn);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("host/1")]
    [InlineData("https://host/1")]
    [InlineData("https://short@host/1")]
    [InlineData("https://0123456789abcdef0123456789abcdef@host/")]
    [InlineData("https://0123456789abcdef0123456789abcdef@host/abc")]
    [InlineData("https://0123456789abcdef0123456789abcdef@host/0")]
    [InlineData("https://0123456789abcdef0123456789abcdef@host/-1")]
    public void TryParse_Anything_Else_IsRefused(string? text) => Assert.False(Dsn.TryParse(text, out _));
}
