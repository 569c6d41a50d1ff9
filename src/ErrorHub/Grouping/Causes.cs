using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>
/// Which exceptions of an event are its fault: the root cause, whatever was wrapped around it; of a group the root cause of each
/// member. Each comes with the exceptions around it, innermost first.
/// </summary>
internal static class Causes
{
    // More members of a group are not told apart.
    private const int MaxBranches = 16;

    internal static List<List<SentryException>> Of(SentryEvent e)
    {
        // On the wire the cause comes first.
        if (e.Exceptions.Count < 2 || !e.Exceptions.Exists(x => x.Mechanism?.IsExceptionGroup == true) || Parents(e.Exceptions) is not { } parents)
            return [e.Exceptions];

        List<List<SentryException>> branches = [];
        var isParent = new bool[e.Exceptions.Count];
        foreach (var parent in parents)
            if (parent >= 0)
                isParent[parent] = true;

        for (var i = e.Exceptions.Count - 1; i >= 0 && branches.Count < MaxBranches; i--)
        {
            if (isParent[i] || IsLaterCause(i))
                continue;

            List<SentryException> branch = [];
            for (var at = i; at >= 0; at = parents[at])
                if (e.Exceptions[at].Mechanism?.IsExceptionGroup != true || branch.Count == 0)
                    branch.Add(e.Exceptions[at]);

            branches.Add(branch);
        }

        return branches.Count > 0 ? branches : [e.Exceptions];

        // Beside its first cause an exception that is no group may have others, such as those suppressed: they are not what failed.
        bool IsLaterCause(int index)
        {
            for (var at = index; parents[at] is >= 0 and var parent; at = parent)
                if (e.Exceptions[parent].Mechanism?.IsExceptionGroup != true)
                    for (var sibling = e.Exceptions.Count - 1; sibling > at; sibling--)
                        if (parents[sibling] == parent)
                            return true;

            return false;
        }
    }

    /// <summary>The index of each exception's parent, -1 for the root; null when the ids make no tree.</summary>
    private static int[]? Parents(List<SentryException> exceptions)
    {
        Dictionary<int, int> byId = [];
        for (var i = 0; i < exceptions.Count; i++)
            if (exceptions[i].Mechanism?.ExceptionId is not { } id || !byId.TryAdd(id, i))
                return null;

        var parents = new int[exceptions.Count];
        for (var i = 0; i < exceptions.Count; i++)
            if (exceptions[i].Mechanism!.ParentId is not { } parent)
                parents[i] = -1;
            else if (!byId.TryGetValue(parent, out parents[i]))
                return null;

        if (parents.Count(p => p < 0) != 1)
            return null;

        for (var i = 0; i < parents.Length; i++)
        {
            var steps = 0;
            for (var at = i; at >= 0; at = parents[at])
                if (++steps > parents.Length)
                    return null;
        }

        return parents;
    }
}
