using System.Net;
using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

public sealed class PeopleTests : IAsyncLifetime
{
    private readonly AccountServer _server = new();

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Member_OwnProjectsOnly_AForeignSlugIsNotFound()
    {
        await _server.AddProjectAsync("Secret");
        var member = await _server.AddMemberAsync("member@example.com", "default");
        using var browser = await _server.LogInAsync("member@example.com");
        await browser.GetAsync("/projects");

        Assert.Contains("default", browser.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", browser.Html, StringComparison.Ordinal);
        foreach (var page in (string[])["settings", "onboarding", "first-event"])
        {
            Assert.Equal(page == "first-event" ? HttpStatusCode.NoContent : HttpStatusCode.OK, (await browser.GetAsync($"/projects/default/{page}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/projects/secret/{page}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/projects/nothing/{page}")).Status);
        }

        Assert.Null(await _server.SendAsync(new GetProject(member, "secret")));
        Assert.Null(await _server.SendAsync(new ListKeys(member, "secret")));
        Assert.Equal(Refusal.NotFound, (await _server.SendAsync(new UpdateProject(member, "secret", "x", null))).Refusal);
        Assert.Null(await _server.SendAsync(new GetScrubbing(member, "secret")));
        Assert.Equal(Refusal.NotFound, (await _server.SendAsync(new SetScrubbing(member, "secret", new ScrubbingSettings()))).Refusal);
        Assert.Equal(Refusal.NotFound, (await _server.SendAsync(new CreateKey(member, "secret", "x", null))).Refusal);
    }

    [Fact]
    public async Task Member_OwnProject_MayLookAndNotChange()
    {
        var member = await _server.AddMemberAsync("member@example.com", "default");
        var key = Assert.Single((await _server.SendAsync(new ListKeys(member, "default")))!);
        var user = member.Actor.UserId!.Value;

        Assert.Equal(
            Enumerable.Repeat<Refusal?>(Refusal.Forbidden, 12),
            [
                (await _server.SendAsync(new CreateProject(member, "x", null, null))).Refusal,
                (await _server.SendAsync(new UpdateProject(member, "default", "x", null))).Refusal,
                (await _server.SendAsync(new DeleteProject(member, "default"))).Refusal,
                (await _server.SendAsync(new SetScrubbing(member, "default", new ScrubbingSettings { Variables = PartHandling.Drop }))).Refusal,
                (await _server.SendAsync(new CreateKey(member, "default", "x", null))).Refusal,
                (await _server.SendAsync(new UpdateKey(member, "default", key.Id, "x", null, false, null))).Refusal,
                (await _server.SendAsync(new RotateKey(member, "default", key.Id))).Refusal,
                (await _server.SendAsync(new DeleteKey(member, "default", key.Id))).Refusal,
                (await _server.SendAsync(new SetProjectAccess(member, "default", user, true))).Refusal,
                (await _server.SendAsync(new ChangeRole(member, user, UserRole.Owner))).Refusal,
                (await _server.SendAsync(new DisableUser(member, user, true))).Refusal,
                (await _server.SendAsync(new InviteMember(member, "x", "x@example.com", UserRole.Owner))).Refusal,
            ]);
    }

    [Fact]
    public async Task LastOwner_DemotedOrDisabled_IsRefusedUntilThereIsAnother()
    {
        var owner = _server.Owner;
        var ownerId = owner.Actor.UserId!.Value;
        await _server.SendAsync(new InviteMember(owner, "Not yet", "invited@example.com", UserRole.Owner));

        Assert.Equal(Refusal.Conflict, (await _server.SendAsync(new ChangeRole(owner, ownerId, UserRole.Member))).Refusal);
        Assert.Equal(Refusal.Conflict, (await _server.SendAsync(new DisableUser(owner, ownerId, true))).Refusal);

        var second = await _server.AddMemberAsync("second@example.com");
        await _server.SendAsync(new ChangeRole(owner, second.Actor.UserId!.Value, UserRole.Owner));
        Assert.NotNull((await _server.SendAsync(new ChangeRole(owner, ownerId, UserRole.Member))).Value);
    }

    [Fact]
    public async Task Invitation_Used_WorksOnceAndOnlyForItsPerson()
    {
        using var owner = await _server.LogInAsync(AccountServer.OwnerEmail);
        await owner.GetAsync("/settings/people");
        await owner.SubmitAsync("invite", ("Form.Name", "Mia"), ("Form.Email", "mia@example.com"), ("Form.Role", "Member"));
        var start = owner.Html.IndexOf("/account/invite?token=", StringComparison.Ordinal);
        var path = owner.Html[start..owner.Html.IndexOf('<', start)];

        using var mia = _server.NewBrowser();
        await mia.GetAsync(path);
        await mia.SubmitAsync("invite", ("Form.Password", AccountServer.Password));
        using var eve = _server.NewBrowser();

        Assert.Equal("/issues", mia.Redirect);
        Assert.Equal(HttpStatusCode.Gone, (await eve.GetAsync(path)).Status);
        Assert.Equal(
            UserRole.Member, await _server.QueryAsync(db => db.Users.Where(u => u.Email == "mia@example.com").Select(u => u.Role).SingleAsync()));
    }

    [Fact]
    public async Task Invitation_AfterSevenDaysOrReplaced_IsRefused()
    {
        var first = (await _server.SendAsync(new InviteMember(_server.Owner, "Mia", "mia@example.com", UserRole.Member))).Value!;
        var second = (await _server.SendAsync(new InviteMember(_server.Owner, "Mia", "mia@example.com", UserRole.Member))).Value!;

        Assert.Equal(first.UserId, second.UserId);
        Assert.Null(await _server.SendAsync(new GetInvite(first.Path.Split('=')[1])));
        Assert.NotNull(await _server.SendAsync(new GetInvite(second.Path.Split('=')[1])));
        _server.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Null(await _server.SendAsync(new GetInvite(second.Path.Split('=')[1])));
    }

    [Fact]
    public async Task DeletedProject_Anyone_SeesNothingAndItsNumberIsNotGivenAgain()
    {
        var shop = await _server.AddProjectAsync("Shop");
        await _server.SendAsync(new DeleteProject(_server.Owner, "shop"));
        var next = await _server.AddProjectAsync("Shop");

        Assert.Equal("shop", next.Slug);
        Assert.True(next.Id > shop.Id);
        Assert.Equal(
            ["default", "shop"], (await _server.SendAsync(new ListProjects(_server.Owner))).Select(p => p.Slug).Order(StringComparer.Ordinal));
        Assert.All(await _server.QueryAsync(db => db.ProjectKeys.Where(k => k.ProjectId == shop.Id).ToListAsync()), k => Assert.False(k.IsActive));
    }

    [Fact]
    public async Task ListActivity_Pages_ReachEveryRecordOnceAndMembersSeeTheirs()
    {
        for (var i = 0; i < 5; i++)
            await _server.AddProjectAsync($"P{i}");
        var member = await _server.AddMemberAsync("member@example.com", "p1");
        var all = new List<ActivityRecord>();
        Guid? before = null;
        do
        {
            var page = await _server.SendAsync(new ListActivity(_server.Owner, before, 3));
            all.AddRange(page.Records);
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(await _server.QueryAsync(db => db.Activity.CountAsync()), all.Select(a => a.Id).Distinct().Count());
        var theirs = (await _server.SendAsync(new ListActivity(member, null, 100))).Records;
        Assert.Equal(
            ["project.access_given", "project.created", "user.invite_accepted"], theirs.Select(a => a.Action).Order());
    }
}
