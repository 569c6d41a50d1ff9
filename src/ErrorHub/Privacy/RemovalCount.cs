using ErrorHub.Protocol.Events;

namespace ErrorHub.Privacy;

/// <summary>How often a rule removed something from one kind of place in an event.</summary>
/// <param name="Rule">The rule, such as <c>creditcard</c>.</param>
/// <param name="Path">Where, whatever the position in a list: <c>exception.values[*].value</c>.</param>
/// <param name="Count">How often.</param>
public readonly record struct RemovalCount(string Rule, string Path, int Count)
{
    /// <summary>Stands for the paths for which there was no more room.</summary>
    public const string OtherPaths = "*";

    /// <summary>What a receipt says, each rule and kind of place once.</summary>
    internal static IReadOnlyList<RemovalCount> Of(ScrubbingReceipt? receipt) => receipt is not { Removals.Count: > 0 }
        ? []
        : [.. receipt.Removals.GroupBy(r => (r.Rule, Path: PathOf(r.Path)), (place, removals) => new RemovalCount(place.Rule, place.Path, removals.Sum(r => r.Count)))];

    /// <summary>A path of a receipt without the positions in lists, in which events of one fault differ.</summary>
    internal static string PathOf(string path)
    {
        if (!path.Any(char.IsAsciiDigit))
            return path;

        var steps = path.Split('.').Select((step, i) => step.Length > 0 && step.All(char.IsAsciiDigit) ? "[*]" : i == 0 ? step : $".{step}");
        return string.Concat(steps);
    }
}
