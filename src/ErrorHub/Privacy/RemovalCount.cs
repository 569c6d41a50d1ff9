using System.Text;
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

    /// <summary>What a receipt says, each rule and kind of place once. Of every event on its way in, so it is plain loops.</summary>
    internal static IReadOnlyList<RemovalCount> Of(ScrubbingReceipt? receipt)
    {
        if (receipt is not { Removals: { Count: > 0 } removals })
            return [];

        List<RemovalCount> counts = new(removals.Count);
        foreach (var removal in removals)
            Add(counts, new RemovalCount(removal.Rule, PathOf(removal.Path), removal.Count));

        return counts;
    }

    /// <summary>A path of a receipt without the positions in lists, in which events of one fault differ.</summary>
    internal static string PathOf(string path)
    {
        if (path.AsSpan().IndexOfAnyInRange('0', '9') < 0)
            return path;

        var text = new StringBuilder(path.Length + 8);
        foreach (var range in path.AsSpan().Split('.'))
        {
            var step = path.AsSpan()[range];
            if (step.Length > 0 && !step.ContainsAnyExceptInRange('0', '9'))
                text.Append("[*]");
            else
                text.Append(range.Start.Value > 0 ? "." : "").Append(step);
        }

        return text.ToString();
    }

    // A receipt has few lines, and most of them are of different places.
    private static void Add(List<RemovalCount> counts, RemovalCount removal)
    {
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i].Path != removal.Path || counts[i].Rule != removal.Rule)
                continue;

            counts[i] = counts[i] with { Count = counts[i].Count + removal.Count };
            return;
        }

        counts.Add(removal);
    }
}
