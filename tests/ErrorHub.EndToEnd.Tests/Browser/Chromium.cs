using Microsoft.Playwright;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>Debian's Chromium, started once for the tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // A page that asks for the first time waits for the just-in-time compiler, on two busy cores.
    private const float PatienceMilliseconds = 20_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            // CI runs as root in a container, where Chromium cannot build its sandbox.
            Args = ["--no-sandbox"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A new visitor without cookies.</summary>
    public Task<Visit> VisitAsync(Uri baseUrl) => VisitAsync(baseUrl, Look.Desktop);

    /// <inheritdoc cref="VisitAsync(Uri)"/>
    internal Task<Visit> VisitAsync(Uri baseUrl, Look look) => Visit.StartAsync(_browser!, baseUrl, look);
}
