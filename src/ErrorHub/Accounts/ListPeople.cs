using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>The people of the installation by name, at most 1,000. Members see them too: issues are assigned to people.</summary>
/// <param name="Scope">Who asks.</param>
public sealed record ListPeople(AccessScope Scope) : IRequest<IReadOnlyList<PersonRow>>;

/// <summary>A person in lists.</summary>
/// <param name="Id">Our key of them.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Role">What they may do.</param>
/// <param name="State">Whether they can log in.</param>
/// <param name="CreatedAt">When the account was made.</param>
public sealed record PersonRow(Guid Id, string Name, string Email, UserRole Role, PersonState State, DateTimeOffset CreatedAt);

/// <summary>Whether a person can log in.</summary>
public enum PersonState
{
    /// <summary>Yes.</summary>
    Active,

    /// <summary>Not yet: the invitation was not accepted.</summary>
    Invited,

    /// <summary>No longer: an owner switched the account off.</summary>
    Disabled,
}

internal sealed class ListPeopleHandler(ErrorHubDbContext db) : IRequestHandler<ListPeople, IReadOnlyList<PersonRow>>
{
    public async Task<IReadOnlyList<PersonRow>> Handle(ListPeople request, CancellationToken cancellationToken) =>
        request.Scope == AccessScope.Nobody
            ? []
            : await db.Users.AsNoTracking()
                .OrderBy(u => u.Name).ThenBy(u => u.Id)
                .Take(1_000)
                .Select(u => new PersonRow(
                    u.Id, u.Name, u.Email!, u.Role,
                    u.DisabledAt != null ? PersonState.Disabled : u.PasswordHash == null ? PersonState.Invited : PersonState.Active,
                    u.CreatedAt))
                .ToListAsync(cancellationToken);
}
