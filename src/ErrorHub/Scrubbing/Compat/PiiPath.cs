namespace ErrorHub.Scrubbing.Compat;

/// <summary>One step of the way to a value.</summary>
/// <param name="Key">Its key; null for an item of a list.</param>
/// <param name="Index">Its place in a list.</param>
/// <param name="Types">What stands there.</param>
internal readonly record struct PiiStep(string? Key, int Index, PiiTypes Types);

/// <summary>The way from the event to a value, and how far selectors reach there.</summary>
/// <remarks>
/// Of <c>exception.values.0.value</c> selectors may leave out <c>values.0</c>, as Sentry's documentation does. Such a way is kept twice.
/// </remarks>
internal sealed class PiiPath
{
    private readonly List<PiiStep> _steps = [];
    private readonly List<PiiStep> _short = [];

    internal PiiReach Reach { get; private set; }

    /// <summary>Which selectors look at: all steps, and those that are no more than a wrapping left out.</summary>
    internal IReadOnlyList<PiiStep> Steps => _steps;

    internal IReadOnlyList<PiiStep>? Short => _short.Count == _steps.Count ? null : _short;

    /// <summary>Steps down; what it gives back leads up again.</summary>
    internal (int Steps, int Short, PiiReach Reach) Enter(PiiStep step, PiiReach reach, bool isWrapping)
    {
        var before = (_steps.Count, _short.Count, Reach);
        _steps.Add(step);
        if (!isWrapping)
            _short.Add(step);

        Reach = reach;
        return before;
    }

    internal void Leave((int Steps, int Short, PiiReach Reach) before)
    {
        _steps.RemoveRange(before.Steps, _steps.Count - before.Steps);
        _short.RemoveRange(before.Short, _short.Count - before.Short);
        Reach = before.Reach;
    }
}
