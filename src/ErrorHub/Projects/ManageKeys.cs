using ErrorHub.Accounts;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>Keys of a project, oldest first; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectSlug">The project.</param>
public sealed record ListKeys(AccessScope Scope, string ProjectSlug) : IRequest<IReadOnlyList<KeyRow>?>;

/// <summary>Makes a key. Owners only.</summary>
/// <param name="Scope">Who makes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="Name">Name for people.</param>
/// <param name="RateLimit">Limit; null for none.</param>
public sealed record CreateKey(AccessScope Scope, string ProjectSlug, string Name, KeyRateLimit? RateLimit) : IRequest<ChangeResult<KeyRow>>;

/// <summary>Changes a key; a null leaves that part as it is. Owners only.</summary>
/// <param name="Scope">Who changes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key.</param>
/// <param name="Name">New name.</param>
/// <param name="IsActive">False refuses its events within 5 seconds in every process.</param>
/// <param name="SetsRateLimit">True to set <paramref name="RateLimit"/>, null included.</param>
/// <param name="RateLimit">New limit; null for none.</param>
public sealed record UpdateKey(
    AccessScope Scope, string ProjectSlug, Guid KeyId, string? Name, bool? IsActive, bool SetsRateLimit, KeyRateLimit? RateLimit)
    : IRequest<ChangeResult<KeyRow>>;

/// <summary>
/// Replaces a key: makes a new one of the same name and limits. The old one goes on working, so that apps can be moved one by
/// one; disable it when its last app has moved. Owners only.
/// </summary>
/// <param name="Scope">Who rotates it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key to replace.</param>
public sealed record RotateKey(AccessScope Scope, string ProjectSlug, Guid KeyId) : IRequest<ChangeResult<KeyRow>>;

/// <summary>Deletes a key for good. Owners only.</summary>
/// <param name="Scope">Who deletes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key.</param>
public sealed record DeleteKey(AccessScope Scope, string ProjectSlug, Guid KeyId) : IRequest<ChangeResult<KeyRow>>;

/// <summary>A key in lists.</summary>
/// <param name="Id">Our key of it.</param>
/// <param name="ProjectId">Project.</param>
/// <param name="PublicKey">User part of the DSN.</param>
/// <param name="Name">Name for people.</param>
/// <param name="IsActive">False when its events are refused.</param>
/// <param name="RateLimit">Limit; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record KeyRow(
    Guid Id, long ProjectId, string PublicKey, string Name, bool IsActive, KeyRateLimit? RateLimit, DateTimeOffset CreatedAt);

/// <summary>At most <paramref name="Count"/> events in each window of <paramref name="WindowSeconds"/> seconds.</summary>
/// <param name="WindowSeconds">Seconds, 1 to 86,400.</param>
/// <param name="Count">Events, at least 1.</param>
public sealed record KeyRateLimit(int WindowSeconds, int Count);
