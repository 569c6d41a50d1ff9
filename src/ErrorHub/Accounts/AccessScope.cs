namespace ErrorHub.Accounts;

/// <summary>Who acts and from where; recorded with every change.</summary>
/// <param name="UserId">The person; null for the program itself (bootstrap, demo).</param>
/// <param name="TokenId">The API token used; null in the browser.</param>
/// <param name="Name">Name as it was then, so that the record stays readable when the account is gone.</param>
/// <param name="IpAddress">Where the request came from; null for the program itself.</param>
public sealed record Actor(Guid? UserId, Guid? TokenId, string Name, string? IpAddress)
{
    /// <summary>ErrorHub itself.</summary>
    public static Actor System { get; } = new(null, null, "ErrorHub", null);
}

/// <summary>
/// What the caller of a use case may see. Every handler starts its queries from it, so that the id of a foreign project or
/// issue reads as one that does not exist.
/// </summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Role">What they may do.</param>
/// <param name="ProjectIds">Projects they see; null for all.</param>
public sealed record AccessScope(Actor Actor, UserRole Role, IReadOnlyList<long>? ProjectIds)
{
    /// <summary>The program itself: sees everything.</summary>
    public static AccessScope System { get; } = new(Actor.System, UserRole.Owner, null);

    /// <summary>Nobody: sees nothing. What a caller without a valid log-in gets.</summary>
    public static AccessScope Nobody { get; } = new(new Actor(null, null, "nobody", null), UserRole.Member, []);

    /// <summary>True for owners.</summary>
    public bool IsOwner => Role == UserRole.Owner;

    /// <summary>True when the project may be seen.</summary>
    public bool Sees(long projectId) => ProjectIds is null || ProjectIds.Contains(projectId);
}
