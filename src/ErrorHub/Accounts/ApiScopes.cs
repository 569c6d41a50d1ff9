namespace ErrorHub.Accounts;

/// <summary>What an API token may do, in Sentry's names: <c>noun:read</c>, <c>noun:write</c>, <c>noun:admin</c>; each includes those before it.</summary>
public static class ApiScopes
{
    private static readonly string[] Levels = ["read", "write", "admin"];

    /// <summary>Every scope, in the order the token page lists them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "event:read", "event:write", "event:admin", "project:read", "project:write", "project:admin", "project:releases",
        "org:read", "org:write", "org:admin", "team:read", "team:write", "team:admin", "member:read", "member:write", "member:admin",
    ];

    /// <summary>What a member's token may have: read everything the member sees, and triage.</summary>
    public static IReadOnlyList<string> OfMembers { get; } =
        ["event:read", "event:write", "project:read", "project:releases", "org:read", "team:read", "member:read"];

    /// <summary>What a person of this role may give to a token.</summary>
    public static IReadOnlyList<string> Of(UserRole role) => role == UserRole.Owner ? All : OfMembers;

    /// <summary>The scopes that satisfy a demand: <c>event:read</c> is in <c>event:write</c> and <c>event:admin</c>.</summary>
    public static IReadOnlyList<string> ThatAllow(string demanded)
    {
        var parts = demanded.Split(':');
        var level = Array.IndexOf(Levels, parts[^1]);
        return level < 0 ? [demanded] : [.. Levels[level..].Select(name => $"{parts[0]}:{name}")];
    }
}
