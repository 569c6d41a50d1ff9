using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>
/// tests/Fixtures holds what these SDKs sent, byte by byte, for tests that want real input without running an SDK. After an SDK's
/// upgrade, <c>ERRORHUB_UPDATE_FIXTURES=1 tests/run</c> records them anew.
/// </summary>
public sealed class RecordedFixturesTests
{
    private static readonly string[] Requests = ["charge 1001", "charge 1002", "stock"];

    [Theory]
    [MemberData(nameof(Shop.Names), MemberType = typeof(Shop))]
    public async Task Sell_Recorded_HasTheShapeOfTheFixtures(string sdk)
    {
        using var server = new RecordingServer();
        await Shop.Named(sdk).SellAsync(server.Dsn, Requests, TestContext.Current.CancellationToken);

        Assert.Equal(Requests.Length, server.Events.Count);
        foreach (var recording in server.Events)
        {
            var fixture = FixtureOf(sdk, recording);
            if (Environment.GetEnvironmentVariable("ERRORHUB_UPDATE_FIXTURES") == "1")
                await WriteAsync(fixture, recording);
            var kept = recording with { Body = await File.ReadAllBytesAsync(fixture, TestContext.Current.CancellationToken) };
            Assert.Equal(KeysOf(kept), KeysOf(recording));
        }
    }

    private static string FixtureOf(string sdk, Recording recording)
    {
        var name = recording.Message.Split(' ') is ["Order", var order, ..] ? $"charge-{order}" : "stock";
        return Path.Combine(Repository.Fixtures, sdk, $"{name}.{recording.Kind}");
    }

    private static async Task WriteAsync(string fixture, Recording recording)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(fixture)!);
        await File.WriteAllBytesAsync(fixture, recording.Body, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> KeysOf(Recording recording) => recording.Event.EnumerateObject().Select(p => p.Name).Order();
}
