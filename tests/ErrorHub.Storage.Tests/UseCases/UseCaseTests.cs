using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using MediatR;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>What tests of use cases share: a migrated database, and short words for writing events and asking.</summary>
public abstract class UseCaseTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static DateTimeOffset Now => TestDatabase.Now;

    protected TDatabase Database => database;

    public async ValueTask InitializeAsync() => await database.MigratedAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A member who sees these projects alone.</summary>
    protected static AccessScope MemberOf(params long[] projects) =>
        new(new Actor(Guid.CreateVersion7(), null, "Eve", "192.0.2.7"), UserRole.Member, projects);

    protected Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request) => database.UseCases.SendAsync(request, Cancellation);

    protected async Task<IReadOnlyList<WriteResult>> WriteAsync(params IEnumerable<ProcessedEvent> events) =>
        await database.NewWriter().WriteAsync([.. events], [], Cancellation);

    /// <summary>A project with one issue of one event.</summary>
    protected async Task<(long Project, Guid Issue)> NewIssueAsync(string fault = "Fault")
    {
        var project = (await database.NewProjectAsync()).Id;
        return (project, (await WriteAsync(TestEvents.Of(project, fault)))[0].IssueId);
    }

    /// <summary>A member.</summary>
    protected async Task<Guid> NewUserAsync(string name)
    {
        await using var db = database.NewContext();
        var user = new User { Id = Guid.CreateVersion7(), Name = name, UserName = name, Role = UserRole.Member, CreatedAt = Now };
        db.Users.Add(user);
        await db.SaveChangesAsync(Cancellation);
        return user.Id;
    }

    protected Task<IReadOnlyList<Guid>> SetStatusAsync(Guid issue, IssueStatus status) =>
        SendAsync(new UpdateIssues(AccessScope.System, [issue], status, null));
}
