using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Accounts;

/// <summary>
/// The first start: project 1, and the first owner, from the configuration or through a one-time link. Each step looks before it
/// acts and gives way when another process was faster, so any number of processes may run it, at every start.
/// </summary>
public sealed partial class Bootstrap(
    IServiceScopeFactory scopes, UseCaseSender useCases, IOptions<BootstrapOptions> options, TimeProvider time,
    ILogger<Bootstrap> logger)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromDays(7);

    /// <summary>Fills what is missing. To be called when the schema is there and before requests are answered.</summary>
    /// <returns>
    /// Path of the set-up link (<c>/setup?token=…</c>, valid for 7 days) to print after the base address; null when there is an owner.
    /// </returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        await MakeProjectAsync(cancellationToken);
        await MakeOwnerAsync(cancellationToken);
        return await useCases.SendAsync(new IsSetUp(), cancellationToken) ? null : await MakeLinkAsync(cancellationToken);
    }

    private async Task MakeProjectAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        if (await db.Projects.AnyAsync(cancellationToken))
            return;

        var (slug, key) = (options.Value.Project, options.Value.ProjectKey);
        var result = await useCases.SendAsync(
            new CreateProject(AccessScope.System, slug, slug, null, key), cancellationToken);
        // A conflict: another process made it between our look and our insert.
        if (result.Value is not null)
            Log.ProjectMade(logger, result.Value.Id, slug);
    }

    private async Task MakeOwnerAsync(CancellationToken cancellationToken)
    {
        if (options.Value is not { AdminEmail: { } email, AdminPassword: { } password })
            return;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var now = time.GetUtcNow();
        try
        {
            if (!await db.Users.AnyAsync(cancellationToken))
            {
                var user = NewUser.Of(email.Split('@')[0], email, UserRole.Owner, now);
                db.Activity.Add(ActivityRecord.Of(Actor.System, now, "user.set_up", user.Id.ToString(), detail: "from the configuration"));
                Require(await users.CreateAsync(user, password));
            }

            if (options.Value.ApiToken is { } token && await users.FindByEmailAsync(email) is { Role: UserRole.Owner } owner)
                await MakeTokenAsync(db, owner, token, now, cancellationToken);
        }
        catch (DbUpdateException) when (users.Users.AsNoTracking().Any(u => u.UserName == email))
        {
            // Another process made the same owner or token between our look and our insert.
        }
    }

    private static void Require(IdentityResult result)
    {
        // A duplicate: another process made the owner between our look and Identity's.
        if (!result.Succeeded && result.Errors.Any(e => !e.Code.StartsWith("Duplicate", StringComparison.Ordinal)))
        {
            throw new OptionsValidationException(BootstrapOptions.Section, typeof(BootstrapOptions),
                [$"{BootstrapOptions.Section}:AdminEmail or :AdminPassword is refused: {PasswordRule.Problem(result)}"]);
        }
    }

    /// <summary>Adds the configured token unless it is there, revoked ones included: a revoked token stays revoked.</summary>
    private static async Task MakeTokenAsync(
        ErrorHubDbContext db, User owner, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = Secrets.Hash(token);
        if (await db.ApiTokens.AnyAsync(t => t.Hash == hash, cancellationToken))
            return;

        var row = CreateApiTokenHandler.NewToken(owner.Id, "Bootstrap", token, ApiScopes.All, now, null);
        db.ApiTokens.Add(row);
        db.Activity.Add(ActivityRecord.Of(Actor.System, now, "token.created", row.Id.ToString(), detail: "from the configuration"));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A fresh link at every start: only the hash of the last one is known. Older ones stay valid, for the other process printed one too.</summary>
    private async Task<string> MakeLinkAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var (secret, now) = (Secrets.NewLinkSecret(), time.GetUtcNow());
        await db.OneTimeLinks.Where(l => l.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        db.OneTimeLinks.Add(new OneTimeLink { Hash = Secrets.Hash(secret), ExpiresAt = now + LinkLife });
        await db.SaveChangesAsync(cancellationToken);
        return $"/setup?token={secret}";
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Information, "Made project {ProjectId} ({Slug}).")]
        public static partial void ProjectMade(ILogger logger, long projectId, string slug);
    }
}
