using ErrorHub.Accounts;

namespace ErrorHub.Web.Api;

internal sealed record RootJson(string Version, RootAuthJson Auth, UserJson? User);

internal sealed record RootAuthJson(IReadOnlyList<string> Scopes);

internal sealed record UserJson(string Id, string Name, string Email);

internal sealed record NameJson(string Id, string Name);

internal sealed record OrganizationJson(
    string Id, string Slug, string Name, DateTimeOffset DateCreated, NameJson Status, bool IsEarlyAdopter, bool Require2FA,
    bool RequireEmailVerification, IReadOnlyList<string> Features, AvatarJson Avatar)
{
    // The installation keeps no birthday; a fixed one, since sentry-cli wants the field.
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static OrganizationJson Of(BootstrapOptions installation) => new(
        "1", installation.Organization, installation.Organization, Created, new NameJson("active", "active"), false, false, false, [],
        new AvatarJson("letter_avatar"));
}

internal sealed record AvatarJson(string AvatarType);
