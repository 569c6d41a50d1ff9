using Microsoft.Playwright;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>How a visitor's screen looks.</summary>
internal sealed record Look(string Name, ColorScheme Scheme, int Width, int Height)
{
    public static Look Desktop { get; } = new("desktop-light", ColorScheme.Light, 1440, 900);

    public static IReadOnlyList<Look> All { get; } =
    [
        Desktop,
        new("desktop-dark", ColorScheme.Dark, 1440, 900),
        new("phone-light", ColorScheme.Light, 390, 844),
        new("phone-dark", ColorScheme.Dark, 390, 844),
    ];

    /// <summary>Names for theories; a name reads better in a report than an object.</summary>
    public static TheoryData<string> Names => [.. All.Select(l => l.Name)];

    public bool IsPhone => Width < 600;

    public static Look Named(string name) => All.Single(l => l.Name == name);
}
