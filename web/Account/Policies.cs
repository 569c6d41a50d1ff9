namespace ErrorHub.Web.Account;

/// <summary>Names of the authorization policies of pages. The web API has scopes instead: <see cref="ScopeRequirement"/>.</summary>
internal static class Policies
{
    /// <summary>Anyone who is logged in.</summary>
    public const string SignedIn = "SignedIn";

    /// <summary>Owners.</summary>
    public const string Owner = "Owner";
}
