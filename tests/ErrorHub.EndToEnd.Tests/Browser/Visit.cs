using System.Collections.Concurrent;
using ErrorHub.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>One visitor: a browser profile and its page. Everything that went wrong meanwhile is remembered.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _problems = new();

    private Visit(IBrowserContext context, IPage page, Uri baseUrl)
    {
        _context = context;
        Page = page;
        // A broken Content-Security-Policy shows up here, too.
        page.Console += (_, message) => Note(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Dialog += async (_, dialog) =>
        {
            Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => Note(IsForeign(request.Url, baseUrl), $"foreign request: {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Console errors, script errors, dialogs, requests to other hosts; a test ends with none.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    internal static async Task<Visit> StartAsync(IBrowser browser, Uri baseUrl, Look look)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = baseUrl.ToString(),
            ColorScheme = look.Scheme,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            HasTouch = look.IsPhone,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        return new Visit(context, await context.NewPageAsync(), baseUrl);
    }

    public async Task OpenAsync(string path)
    {
        var answer = await Page.GotoAsync(path);
        Assert.True(answer!.Ok, $"{path}: {answer.Status}");
    }

    public async Task LogInAsync(string password = Installation.OwnerPassword)
    {
        await OpenAsync("/account/login");
        await Page.GetByLabel("E-mail address").FillAsync(Installation.OwnerEmail);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    /// <summary>Keeps what the visitor sees as <c>artifacts/screenshots/{name}.png</c>.</summary>
    public Task ScreenshotAsync(string name, bool fullPage = false) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"{name}.png"),
        FullPage = fullPage,
    });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool isProblem, string problem)
    {
        if (isProblem)
            _problems.Enqueue(problem);
    }

    private static bool IsForeign(string url, Uri baseUrl) =>
        new Uri(url) is { Scheme: "http" or "https" or "ws" or "wss" } address && address.Authority != baseUrl.Authority;
}
