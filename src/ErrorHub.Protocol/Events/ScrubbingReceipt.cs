namespace ErrorHub.Protocol.Events;

/// <summary>What scrubbing took out of an event: where, by which rule, how often and about how long; never what it was.</summary>
/// <param name="Policy">Name and version of the rules, such as <c>strict-2</c>.</param>
/// <param name="Removals">One for each place and rule, in the event's order; at most <see cref="MaxRemovals"/>.</param>
/// <param name="More">How many removals that list has no room for.</param>
public sealed record ScrubbingReceipt(string Policy, IReadOnlyList<Removal> Removals, int More = 0)
{
    /// <summary>Most entries of a receipt, which must not outgrow its event.</summary>
    public const int MaxRemovals = 64;
}

/// <summary>Something that was taken out of one place.</summary>
/// <param name="Path">Where, with dots between keys and numbers: <c>exception.values.0.value</c>; at most <see cref="MaxPath"/> characters.</param>
/// <param name="Rule">The rule, such as <c>creditcard</c>.</param>
/// <param name="Action">What was done: one of <see cref="RemovalAction"/>.</param>
/// <param name="Count">How often, from 1.</param>
/// <param name="Length">Between how many characters the longest had: <c>16-31</c>.</param>
public sealed record Removal(string Path, string Rule, string Action, int Count, string Length)
{
    /// <summary>Most characters of a path.</summary>
    public const int MaxPath = 128;

    /// <summary>The range that a length is in; exact lengths would tell short secrets apart.</summary>
    public static string RangeOf(int length) => length switch
    {
        < 8 => "1-7",
        < 16 => "8-15",
        < 32 => "16-31",
        < 64 => "32-63",
        < 256 => "64-255",
        < 4_096 => "256-4095",
        _ => "4096+",
    };
}

/// <summary>What can be done with what is found.</summary>
public static class RemovalAction
{
    /// <summary>A part of a text has the rule's name in its place.</summary>
    public const string Replaced = "replaced";

    /// <summary>Its shape is left: the network of an address, names and kinds of variables.</summary>
    public const string Masked = "masked";

    /// <summary>A keyed hash is in its place.</summary>
    public const string Hashed = "hashed";

    /// <summary>The whole value is gone.</summary>
    public const string Removed = "removed";

    /// <summary>The whole value is gone, because it could not be scrubbed.</summary>
    public const string Dropped = "dropped";
}
