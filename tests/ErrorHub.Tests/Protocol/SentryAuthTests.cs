using System.Text;
using ErrorHub.Protocol;

namespace ErrorHub.Tests.Protocol;

public sealed class SentryAuthTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string OtherKey = "ffffffffffffffffffffffffffffffff";

    [Theory]
    [InlineData($"Sentry sentry_version=7, sentry_key={Key}, sentry_client=t/1")]
    [InlineData($"Sentry sentry_version=7,sentry_client=t/1,sentry_key={Key}")]
    [InlineData($"sentry sentry_key={Key},sentry_client=t/1")]
    [InlineData($"SENTRY  sentry_key = {Key} , sentry_client = t/1 , sentry_secret=x, sentry_timestamp=1, other=1")]
    [InlineData($"sentry_key={Key}, sentry_client=t/1")]
    public void TryRead_HeaderForms_FindKeyAndClient(string header)
    {
        Assert.Null(SentryAuth.TryRead(header, null, null, null, null, out var auth));
        Assert.Equal(new SentryAuth(Key, 7, "t/1"), auth);

        Assert.Null(SentryAuth.TryRead(null, header, null, null, null, out auth));
        Assert.Equal(Key, auth!.PublicKey);
    }

    [Fact]
    public void TryRead_Basic_UserIsKey()
    {
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Key + ":"));

        Assert.Null(SentryAuth.TryRead(null, header, null, null, null, out var auth));
        Assert.Equal(Key, auth!.PublicKey);
    }

    [Fact]
    public void TryRead_QueryOnly_IsEnough()
    {
        Assert.Null(SentryAuth.TryRead(null, null, Key, "7", "sentry.javascript.browser/10.0", out var auth));
        Assert.Equal(new SentryAuth(Key, 7, "sentry.javascript.browser/10.0"), auth);
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData("5", 5)]
    [InlineData("7.0", 7)]
    [InlineData("", 7)]
    public void TryRead_Versions_TwoToSeven(string version, int expected)
    {
        Assert.Null(SentryAuth.TryRead($"Sentry sentry_version={version}, sentry_key={Key}", null, null, null, null, out var auth));
        Assert.Equal(expected, auth!.Version);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("1")]
    [InlineData("x")]
    [InlineData("99999999999")]
    public void TryRead_OtherVersion_IsUnsupported(string version) =>
        Assert.Equal(
            AuthError.UnsupportedVersion,
            SentryAuth.TryRead($"Sentry sentry_version={version}, sentry_key={Key}", null, null, null, null, out _));

    [Fact]
    public void TryRead_SourcesThatAgree_AreFine() =>
        Assert.Null(SentryAuth.TryRead($"Sentry sentry_key={Key}", null, Key.ToUpperInvariant(), null, null, out _));

    [Fact]
    public void TryRead_SourcesThatDiffer_Conflict() =>
        Assert.Equal(AuthError.Conflicting, SentryAuth.TryRead($"Sentry sentry_key={Key}", null, OtherKey, null, null, out _));

    [Fact]
    public void TryRead_BearerOfAProxy_IsIgnored()
    {
        Assert.Null(SentryAuth.TryRead($"Sentry sentry_key={Key}", "Bearer junk", null, null, null, out _));
        Assert.Equal(AuthError.Missing, SentryAuth.TryRead(null, "Bearer junk", null, null, null, out _));
    }

    [Theory]
    [InlineData("Sentry sentry_version=7")]
    [InlineData("Sentry")]
    [InlineData("Basic not-base64!")]
    [InlineData("Sentry sentry_key=")]
    public void TryRead_OwnSchemeWithoutKey_IsMalformed(string header) =>
        Assert.Equal(AuthError.Malformed, SentryAuth.TryRead(header, null, null, null, null, out _));

    [Theory]
    [InlineData("lol")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef")]
    public void TryRead_KeyOfAnotherForm_IsBad(string key) =>
        Assert.Equal(AuthError.BadKey, SentryAuth.TryRead($"Sentry sentry_key={key}", null, null, null, null, out _));

    [Fact]
    public void TryRead_KeyWithFlag_DropsTheFlag()
    {
        Assert.Null(SentryAuth.TryRead($"Sentry sentry_key={Key}.no-cache", null, null, null, null, out var auth));
        Assert.Equal(Key, auth!.PublicKey);
    }

    [Fact]
    public void TryRead_Nothing_IsMissing() => Assert.Equal(AuthError.Missing, SentryAuth.TryRead(null, " ", "", null, null, out _));
}
