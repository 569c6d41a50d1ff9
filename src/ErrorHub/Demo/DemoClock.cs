namespace ErrorHub.Demo;

/// <summary>
/// The time the demo lives in: it passes through the last 30 days, so that what people did and what events did stands in the
/// order of the history (ids are made from time). Until it is moved, it is the real time.
/// </summary>
public sealed class DemoClock : TimeProvider
{
    private DateTimeOffset? _now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now ?? base.GetUtcNow();

    internal void MoveTo(DateTimeOffset time) => _now = time;
}
