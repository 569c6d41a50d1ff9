using ErrorHub.Projects;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

public sealed class NewKeyTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Fact]
    public async Task Keys_EachUsedTheMomentItIsMade_AreNeverRefused()
    {
        for (var i = 0; i < 30; i++)
        {
            var key = Guid.NewGuid().ToString("n");
            await server.ChangeAsync(db =>
            {
                var now = DateTimeOffset.UtcNow;
                db.Add(new ProjectKey { ProjectId = 1, Id = Guid.CreateVersion7(now), PublicKey = key, Name = "New", IsActive = true, CreatedAt = now });
                return Task.CompletedTask;
            });

            var id = Sdk.NewId();
            (await _sdk.PostAsync($"{Sdk.Envelope}?sentry_key={key}", Sdk.EnvelopeOf(id))).IsTaken(id);
        }
    }
}
