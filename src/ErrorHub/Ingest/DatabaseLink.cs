namespace ErrorHub.Ingest;

/// <summary>
/// Whether fresh events try the database first. One batch that is not taken in time says it is away; from then on nobody waits, until
/// a spooled batch was taken in time.
/// </summary>
public sealed class DatabaseLink
{
    private volatile bool _isAway;

    /// <summary>True while fresh events go to the spool at once.</summary>
    public bool IsAway => _isAway;

    /// <summary>A batch was not taken in time.</summary>
    /// <returns>True when that is news.</returns>
    public bool ReportAway() => Change(true);

    /// <summary>A batch was taken in time, or nothing is left in the spool that could be tried.</summary>
    /// <returns>True when that is news.</returns>
    public bool ReportBack() => Change(false);

    private bool Change(bool away)
    {
        var news = _isAway != away;
        _isAway = away;
        return news;
    }
}
