using ErrorHub.Protocol.Events;

namespace ErrorHub.Web.Events;

/// <summary>One exception in reading order.</summary>
/// <param name="Exception">The exception.</param>
/// <param name="Depth">How many groups it is inside of; causes of one another stay on one level.</param>
/// <param name="Relation">What it is to the one it belongs to: <c>Caused by</c>; null for the outermost.</param>
internal sealed record ExceptionNode(SentryException Exception, int Depth, string? Relation);

/// <summary>Puts exceptions in the order people read them: what was raised first, under it what caused it.</summary>
/// <remarks>
/// On the wire the cause comes first and the outermost last (protocol.md 7.1). Groups number their members: 0 is the root, each
/// member names its parent. Numbers that make no tree (missing, twice, a circle, an unknown parent) are ignored, and the list is a chain.
/// </remarks>
internal static class ExceptionTree
{
    public static IReadOnlyList<ExceptionNode> Of(IReadOnlyList<SentryException> exceptions) =>
        TryReadTree(exceptions) ?? Chain(exceptions);

    private static List<ExceptionNode> Chain(IReadOnlyList<SentryException> exceptions) =>
    [
        .. exceptions.Reverse().Select((e, i) => new ExceptionNode(e, 0, i == 0 ? null : CausedBy(e))),
    ];

    private static List<ExceptionNode>? TryReadTree(IReadOnlyList<SentryException> exceptions)
    {
        var byId = new Dictionary<int, SentryException>();
        foreach (var exception in exceptions)
            if (exception.Mechanism?.ExceptionId is not { } id || !byId.TryAdd(id, exception))
                return null;

        var roots = exceptions.Where(e => e.Mechanism!.ParentId is null).ToList();
        if (roots is not [var root])
            return null;

        var children = exceptions.Where(e => e != root).ToLookup(e => e.Mechanism!.ParentId!.Value);
        var nodes = new List<ExceptionNode>(exceptions.Count);
        // A stack, not recursion: depth is the sender's to choose. Each exception has one parent, so a circle is never reached.
        var open = new Stack<ExceptionNode>([new ExceptionNode(root, 0, null)]);
        while (open.TryPop(out var node))
        {
            nodes.Add(node);
            var mechanism = node.Exception.Mechanism!;
            var members = children[mechanism.ExceptionId!.Value].OrderByDescending(e => e.Mechanism!.ExceptionId).ToList();
            var isGroup = mechanism.IsExceptionGroup || members.Count > 1;
            foreach (var member in members)
                open.Push(new ExceptionNode(
                    member, isGroup ? node.Depth + 1 : node.Depth, isGroup ? InGroup(member, members.Count) : CausedBy(member)));
        }

        return nodes.Count == exceptions.Count ? nodes : null;
    }

    private static string CausedBy(SentryException exception) => exception.Mechanism?.Source is { Length: > 0 } source
        ? $"Caused by ({source})"
        : "Caused by";

    private static string InGroup(SentryException exception, int count) => exception.Mechanism?.Source is { Length: > 0 } source
        ? $"In the group of {count}: {source}"
        : $"In the group of {count}";
}
