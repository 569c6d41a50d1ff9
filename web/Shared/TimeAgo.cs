using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ErrorHub.Web.Shared;

/// <summary>How long ago something was, as <c>5m</c> or <c>3d</c>; the time itself, in UTC, is under the pointer.</summary>
public sealed class TimeAgo : ComponentBase
{
    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>The time.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    /// <summary>True to write <c>ago</c> behind it.</summary>
    [Parameter]
    public bool Ago { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var length = Length(Time.GetUtcNow() - At);
        builder.OpenElement(0, "time");
        builder.AddAttribute(1, "class", "num");
        builder.AddAttribute(2, "datetime", At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "title", Utc(At));
        builder.AddContent(4, Ago && length != "now" ? length + " ago" : length);
        builder.CloseElement();
    }

    /// <summary>One number and one unit; a time in the future (a sender's clock) reads as <c>now</c>.</summary>
    internal static string Length(TimeSpan ago) => ago switch
    {
        { TotalSeconds: < 10 } => "now",
        { TotalMinutes: < 1 } => $"{(int)ago.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)ago.TotalMinutes}m",
        { TotalDays: < 1 } => $"{(int)ago.TotalHours}h",
        { TotalDays: < 14 } => $"{(int)ago.TotalDays}d",
        { TotalDays: < 70 } => $"{(int)(ago.TotalDays / 7)}w",
        { TotalDays: < 365 } => $"{(int)(ago.TotalDays / 30.44)}mo",
        _ => $"{(int)(ago.TotalDays / 365.25) switch { 0 => 1, var years => years }}y",
    };

    /// <summary>The time in full: <c>2026-11-25 03:40:26 UTC</c>.</summary>
    internal static string Utc(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
