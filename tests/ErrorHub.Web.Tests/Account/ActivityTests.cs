using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.DeadLetters;
using ErrorHub.Issues;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Regrouping;
using ErrorHub.Releases;
using ErrorHub.Scrubbing;
using ErrorHub.SourceMaps;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

/// <summary>Who did what: no use case that changes something may forget its record.</summary>
public sealed class ActivityTests : IAsyncLifetime
{
    // What a request is called that changes nothing; every other one must be an IChange.
    private static readonly string[] Looking = ["Get", "List", "Search", "Count", "Is", "Check", "Find", "AuthenticateToken"];

    private readonly AccountServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string> Changes => [.. Requests.Where(IsChange).Select(r => r.Name)];

    [Fact]
    public void Requests_ThatChangeSomething_AreMarked() =>
        Assert.DoesNotContain(Requests, r => !IsChange(r) && !r.IsAssignableTo(typeof(IUnattended)) && !Looking.Any(verb => r.Name.StartsWith(verb, StringComparison.Ordinal)));

    [Fact]
    public void Requests_ThatOnlyLook_AreNotMarked() =>
        Assert.DoesNotContain(Requests, r => (IsChange(r) || r.IsAssignableTo(typeof(IUnattended))) && Looking.Any(verb => r.Name.StartsWith(verb, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_Done_LeavesARecordOfWhoAndWhen(string request)
    {
        Assert.True(Examples.TryGetValue(request, out var act), $"Add an example of {request} to this test.");
        var before = await IdsAsync();

        await act(_server);

        var records = await _server.QueryAsync(db => db.Activity.Where(a => !before.Contains(a.Id)).ToListAsync());
        Assert.Contains(records, a => a.Action.Split('.') is [{ Length: > 0 }, { Length: > 0 }] && a.Target.Length > 0);
        Assert.All(records, a => Assert.Equal(_server.Clock.GetUtcNow(), a.At, TimeSpan.FromMilliseconds(1)));
        Assert.DoesNotContain(records, a => (a.Detail ?? "").Contains(AccountServer.Password, StringComparison.Ordinal));
    }

    private static IEnumerable<Type> Requests => typeof(IChange).Assembly.GetTypes()
        .Where(t => !t.IsAbstract && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)));

    private static bool IsChange(Type request) => request.IsAssignableTo(typeof(IChange));

    private Task<List<Guid>> IdsAsync() => _server.QueryAsync(db => db.Activity.Select(a => a.Id).ToListAsync());

    // One way to do each, from an empty installation. What it needs before leaves records of its own, so each counts only
    // when its own action is among the new ones: see Own.
    private static Dictionary<string, Func<AccountServer, Task>> Examples => new()
    {
        [nameof(SetUpOwner)] = s => Own(s, "user.set_up", () => s.SetUpAsync()),
        [nameof(LogIn)] = async s =>
        {
            await s.SetUpAsync();
            await Own(s, "user.login_failed", () => s.SendAsync(new LogIn("nobody@example.com", "wrong", null)));
            await Own(s, "user.logged_in", () => s.SendAsync(new LogIn(AccountServer.OwnerEmail, AccountServer.Password, null)));
        },
        [nameof(LogOut)] = async s => await OwnAsync(s, "user.logged_out", new LogOut(await s.SetUpAsync())),
        [nameof(ChangePassword)] = async s => await OwnAsync(
            s, "user.password_changed", new ChangePassword(await s.SetUpAsync(), AccountServer.Password, "another long password")),
        [nameof(CreateApiToken)] = async s => await OwnAsync(
            s, "token.created", new CreateApiToken(await s.SetUpAsync(), "ci", ["event:read"], null)),
        [nameof(RevokeApiToken)] = async s =>
        {
            var token = (await s.SendAsync(new CreateApiToken(await s.SetUpAsync(), "ci", ["event:read"], null))).Value!;
            await OwnAsync(s, "token.revoked", new RevokeApiToken(s.Owner, token.Id));
        },
        [nameof(InviteMember)] = async s => await OwnAsync(
            s, "user.invited", new InviteMember(await s.SetUpAsync(), "Mia", "mia@example.com", UserRole.Member)),
        [nameof(AcceptInvite)] = async s => await Own(s, "user.invite_accepted", () => s.AddMemberAsync("mia@example.com")),
        [nameof(ChangeRole)] = async s => await OwnAsync(
            s, "user.role_changed", new ChangeRole(await s.SetUpAsync(), await MemberAsync(s), UserRole.Owner)),
        [nameof(DisableUser)] = async s => await OwnAsync(
            s, "user.disabled", new DisableUser(await s.SetUpAsync(), await MemberAsync(s), Disabled: true)),
        [nameof(CreateProject)] = async s => await OwnAsync(
            s, "project.created", new CreateProject(await s.SetUpAsync(), "Shop", null, null)),
        [nameof(UpdateProject)] = async s => await OwnAsync(
            s, "project.updated", new UpdateProject(await s.SetUpAsync(), "default", "Shop", null)),
        [nameof(SetProjectQuota)] = async s => await OwnAsync(
            s, "project.quota_changed", new SetProjectQuota(await s.SetUpAsync(), "default", new EventLimit(60, 100))),
        [nameof(SetScrubbing)] = async s => await OwnAsync(
            s, "project.scrubbing_changed", new SetScrubbing(await s.SetUpAsync(), "default", new ScrubbingSettings { Variables = PartHandling.Drop })),
        [nameof(StartRescrub)] = async s => await OwnAsync(s, "project.rescrub_started", new StartRescrub(await s.SetUpAsync(), "default")),
        [nameof(DismissFinding)] = async s =>
        {
            await s.SetUpAsync();
            await s.QueryAsync(async db =>
            {
                db.PrivacyFindings.Add(new PrivacyFinding { ProjectId = 1, Rule = "mailbox", Path = "extra.note", Events = 1, FirstSeen = s.Clock.GetUtcNow(), LastSeen = s.Clock.GetUtcNow() });
                return await db.SaveChangesAsync();
            });
            await OwnAsync(s, "project.finding_dismissed", new DismissFinding(s.Owner, "default", "mailbox", "extra.note"));
        },
        [nameof(DeleteProject)] = async s => await OwnAsync(s, "project.deleted", new DeleteProject(await s.SetUpAsync(), "default")),
        [nameof(SetProjectAccess)] = async s => await OwnAsync(
            s, "project.access_given", new SetProjectAccess(await s.SetUpAsync(), "default", await MemberAsync(s), HasAccess: true)),
        [nameof(CreateKey)] = async s => await OwnAsync(s, "key.created", new CreateKey(await s.SetUpAsync(), "default", "Mobile", null)),
        [nameof(UpdateKey)] = async s => await OwnAsync(
            s, "key.disabled", new UpdateKey(await s.SetUpAsync(), "default", await KeyAsync(s), null, IsActive: false, false, null)),
        [nameof(RotateKey)] = async s => await OwnAsync(s, "key.rotated", new RotateKey(await s.SetUpAsync(), "default", await KeyAsync(s))),
        [nameof(DeleteKey)] = async s => await OwnAsync(s, "key.deleted", new DeleteKey(await s.SetUpAsync(), "default", await KeyAsync(s))),
        [nameof(UpdateIssues)] = async s => await OwnAsync(
            s, "issue.resolved", new UpdateIssues(await s.SetUpAsync(), [await IssueAsync(s)], IssueStatus.Resolved, null)),
        [nameof(SaveRelease)] = async s => await OwnAsync(
            s, "release.created", new SaveRelease(await s.SetUpAsync(), "shop@1.0", [1], null, null, null)),
        [nameof(AddDeploy)] = async s =>
        {
            await s.SendAsync(new SaveRelease(await s.SetUpAsync(), "shop@1.0", [1], null, null, null));
            await OwnAsync(s, "release.deployed", new AddDeploy(s.Owner, "shop@1.0", "production", null, null, null, null));
        },
        [nameof(AssembleBundle)] = async s =>
        {
            var chunk = s.AddChunk([1, 2, 3]);
            await OwnAsync(s, "artifacts.uploaded", new AssembleBundle(await s.SetUpAsync(), [1], chunk, [chunk], "shop@1.0", ""));
        },
        [nameof(ReplayDeadLetter)] = async s => await OwnAsync(
            s, "dead_letter.replayed", new ReplayDeadLetter(await s.SetUpAsync(), await s.AddDeadLetterAsync(1))),
        [nameof(DiscardDeadLetter)] = async s => await OwnAsync(
            s, "dead_letter.discarded", new DiscardDeadLetter(await s.SetUpAsync(), await s.AddDeadLetterAsync(1))),
        [nameof(MergeIssues)] = async s => await OwnAsync(
            s, "issue.merged", new MergeIssues(await s.SetUpAsync(), [await IssueAsync(s), await IssueAsync(s)])),
        [nameof(UnmergeHashes)] = async s =>
        {
            var merged = (await s.SendAsync(new MergeIssues(await s.SetUpAsync(), [await IssueAsync(s), await IssueAsync(s)]))).Value!;
            var hashes = (await s.SendAsync(new GetMergedHashes(s.Owner, merged.MergedIds[0])))!.Hashes;
            await OwnAsync(s, "issue.unmerged", new UnmergeHashes(s.Owner, merged.IssueId, hashes));
        },
        [nameof(SplitIssue)] = async s =>
        {
            await s.SetUpAsync();
            var issue = await s.AddPathsAsync(1, "checkout", "import");
            var path = (await s.SendAsync(new ListCallPaths(s.Owner, issue)))!.Paths[0].Path.Hash.ToString();
            await OwnAsync(s, "issue.split", new SplitIssue(s.Owner, issue, [path]));
        },
        [nameof(ApplyGroupingChange)] = async s => await OwnAsync(
            s, "project.grouping_changed", new ApplyGroupingChange(await s.SetUpAsync(), "default", await ChangeAsync(s))),
        [nameof(UndoGroupingChange)] = async s =>
        {
            await s.SetUpAsync();
            var change = await ChangeAsync(s);
            await s.SendAsync(new ApplyGroupingChange(s.Owner, "default", change));
            await OwnAsync(s, "project.grouping_undone", new UndoGroupingChange(s.Owner, "default", change));
        },
        [nameof(DeleteIssue)] = async s => await OwnAsync(s, "issue.deleted", new DeleteIssue(await s.SetUpAsync(), await IssueAsync(s))),
    };

    private static Task OwnAsync<T>(AccountServer server, string action, IRequest<T> request) =>
        Own(server, action, () => server.SendAsync(request));

    private static async Task Own(AccountServer server, string action, Func<Task> act)
    {
        var before = await CountAsync();
        await act();
        Assert.Equal(before + 1, await CountAsync());

        Task<int> CountAsync() => server.QueryAsync(db => db.Activity.CountAsync(a => a.Action == action));
    }

    private static async Task<Guid> ChangeAsync(AccountServer server) =>
        (await server.SendAsync(new TryGroupingRules(server.Owner, "default", "type:X -> x", 7))).Value!.Change.Id;

    private static async Task<Guid> MemberAsync(AccountServer server) => (await server.AddMemberAsync("member@example.com")).Actor.UserId!.Value;

    private static async Task<Guid> KeyAsync(AccountServer server) => (await server.SendAsync(new ListKeys(server.Owner, "default")))![0].Id;

    private static Task<Guid> IssueAsync(AccountServer server) => server.AddEventAsync(1, SentryId.NewId());
}
