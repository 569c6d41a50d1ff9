using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>
/// A version of the algorithm before <see cref="Grouper.Version"/>, kept runnable for as long as events may come back that only it has
/// grouped. Whoever raises the version registers the one before.
/// </summary>
public interface IEarlierGrouping
{
    /// <summary>Its version.</summary>
    short Version { get; }

    /// <summary>The identity of a normalised event by that version.</summary>
    IssueHash HashOf(SentryEvent e, GroupingRules rules);
}
