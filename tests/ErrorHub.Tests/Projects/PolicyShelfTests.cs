using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ErrorHub.Tests.Projects;

public class PolicyShelfTests
{
    private static readonly string Dropping = new ScrubbingSettings { Variables = PartHandling.Drop }.ToJson()!;

    [Fact]
    public void Keep_SettingsSeenBefore_AreNotPreparedAgain()
    {
        var shelf = new PolicyShelf(NullLogger<PolicyShelf>.Instance);
        shelf.Keep([(1, Dropping), (2, Dropping), (3, null)]);
        var policy = shelf.PolicyOf(Dropping);
        shelf.Keep([(1, Dropping)]);

        Assert.Same(policy, shelf.PolicyOf(Dropping));
        Assert.Same(ScrubbingPolicy.Strict, shelf.PolicyOf(null));
        Assert.NotEqual(ScrubbingPolicy.Strict.Version, policy.Version);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"ipAddresses":"keep","newer":1}""")]
    [InlineData("""{"ipAddresses":"keep","rules":[{"name":"a-b","pattern":"(?=a)b"}]}""")]
    [InlineData("""{"ipAddresses":"keep","profile":"sentry-compat","piiConfig":"{"}""")]
    public void Keep_SettingsThatCannotBeUsed_AreTheDefaultAndAnErrorOnce(string settings)
    {
        var log = new Lines();
        var shelf = new PolicyShelf(log);
        shelf.Keep([(7, settings)]);
        shelf.Keep([(7, settings)]);

        Assert.Same(ScrubbingPolicy.Strict, shelf.PolicyOf(settings));
        var (level, text) = Assert.Single(log.All);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("project 7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyFile_OfAnEarlierRun_HasTheSettings()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("errorhub-keys-").FullName, "keys.json");
        new KeyFile(path, NullLogger<KeyFile>.Instance).Save([new DirectoryEntry("k", 1, true, null, null, Scrubbing: Dropping)]);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(Dropping, Assert.Single(new KeyFile(path, NullLogger<KeyFile>.Instance).Load()!).Scrubbing);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private sealed class Lines : ILogger<PolicyShelf>
    {
        public List<(LogLevel Level, string Text)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((logLevel, formatter(state, exception)));
    }
}
