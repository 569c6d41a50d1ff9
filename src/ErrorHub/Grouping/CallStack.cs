using ErrorHub.Grouping.Frames;
using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping;

/// <summary>A stack read for grouping, crash site first, and the frames of it that are the identity.</summary>
internal sealed class CallStack
{
    /// <summary>Frames of libraries say less than one of the app's: it takes more of them to tell two faults apart.</summary>
    private const int LibraryFrames = 3;

    /// <summary>Of .NET's libraries the classes count: their methods are rewritten with every version of the runtime.</summary>
    private const int LibraryClasses = 2;

    /// <summary>A frame without a name says only in which file or library it is, and needs its caller beside it.</summary>
    private const int NamelessFrames = 2;

    /// <summary>Functions of a cycle that ran out of stack, at most.</summary>
    private const int CycleFrames = 8;

    private readonly List<Call> _calls;

    private CallStack(List<Call> calls) => _calls = calls;

    /// <summary>All frames, crash site first.</summary>
    internal IReadOnlyList<Call> Calls => _calls;

    /// <summary>True when a frame of the app's own is known.</summary>
    internal bool HasAppFrame => _calls.Exists(c => c is { InApp: true, Standing: Standing.Counts or Standing.Guard });

    /// <summary>True when it has a frame that is more than an address.</summary>
    internal bool IsKnown => _calls.Exists(c => c.Standing != Standing.Blank);

    /// <summary>Reads a stack.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="platform">The event's platform.</param>
    /// <param name="exceptionType">What was thrown there; null when unknown.</param>
    /// <param name="marks">What the project's rules say of its frames.</param>
    internal static CallStack Read(SentryStackTrace stack, string platform, string? exceptionType, RuleMarks marks)
    {
        var frames = stack.Frames;
        List<Call> calls = new(frames.Count);
        var eventKind = FrameKinds.Of(platform);
        // What the runtime throws itself, it throws because of the very function it was in.
        var mayBeGuard = !RuntimeFaults.IsRaisedByRuntime(exceptionType);
        for (var i = frames.Count - 1; i >= 0; i--)
        {
            var frame = frames[i];
            var kind = frame.Platform is { } own ? FrameKinds.Of(own) : eventKind;
            var call = Read(frame, kind, marks.Of(frame), ref mayBeGuard);
            calls.Add(call);
        }

        return new(calls);
    }

    /// <summary>Indices of the frames that are the identity, and whether they are the app's, may be, or are a library's.</summary>
    internal (List<int> Chosen, bool? InApp) Choose(string? exceptionType, string? exceptionValue)
    {
        foreach (bool? inApp in (ReadOnlySpan<bool?>)[true, null, false])
            foreach (var standing in (ReadOnlySpan<Standing>)[Standing.Counts, Standing.Guard])
                if (_calls.FindIndex(c => c.InApp == inApp && c.Standing == standing) is >= 0 and var first)
                    return (RuntimeFaults.IsStackOverflow(exceptionType, exceptionValue) ? Cycle(inApp) : From(first, inApp, standing), inApp);

        return _calls.FindIndex(c => c.Standing is not (Standing.Blank or Standing.LeftOut)) is >= 0 and var noise ? (From(noise, null, _calls[noise].Standing), false) : ([], null);
    }

    /// <summary>
    /// All of a kind, in order, each function once: how often a function called itself, or two each other, differs from one occurrence
    /// to the next.
    /// </summary>
    internal IEnumerable<FrameName> Path(bool? inApp)
    {
        HashSet<FrameName> seen = [];
        foreach (var call in _calls)
            if (call.InApp == inApp && call.Standing is Standing.Counts && seen.Add(call.Name))
                yield return call.Name;
    }

    /// <summary>What a frame chosen contributes.</summary>
    internal Component ComponentOf(int index, bool? inApp)
    {
        var call = _calls[index];
        return IsByClass(call, inApp) ? new("class", call.Name.Place) : new("frame", call.Name.ToString());
    }

    private static bool IsByClass(Call call, bool? inApp) => inApp == false && call.Kind == FrameKind.DotNet && call.Name.Place.Length > 0;

    /// <param name="frame">The frame.</param>
    /// <param name="kind">Its platform.</param>
    /// <param name="mark">What the project's rules say of it.</param>
    /// <param name="mayBeGuard">True until a frame is met that is no guard: what is below it called something, and did not throw.</param>
    private static Call Read(SentryStackFrame frame, FrameKind kind, FrameMark mark, ref bool mayBeGuard)
    {
        var name = FrameName.Of(frame, kind);
        var rules = StackRules.For(kind);
        var traits = rules.NoiseOf(name.Name.Length > 0 ? name.Name : frame.Function, name.Place, frame);
        var inApp = mark.InApp ?? frame.InApp;
        var standing =
            mark.Action == FrameAction.LeftOut ? Standing.LeftOut :
            mark.Action == FrameAction.Counts && name is not { Name: "", Place: "" } ? Standing.Counts :
            traits.HasFlag(FrameTraits.Plumbing) ? Standing.Plumbing :
            traits.HasFlag(FrameTraits.Noise) && inApp != true ? Standing.Noise :
            name is { Name: "", Place: "" } ? Standing.Blank :
            Standing.Counts;
        if (mayBeGuard && standing == Standing.Counts)
        {
            var isFolded = mark.Action == FrameAction.Fold;
            mayBeGuard = isFolded || (mark.Action == FrameAction.None && rules.IsGuard(name.Name, name.Place, frame));
            // A library's guard is left: of libraries several frames count.
            if (mayBeGuard && (isFolded || inApp != false))
                standing = Standing.Guard;
        }

        if (name.Name.Length == 0 && standing == Standing.Counts && frame.ContextLine is { } line && line.AsSpan().Trim() is { Length: > 0 and <= 200 } source)
            name = name with { Name = $"<anonymous> {MessageParameters.RemoveNumbers(source.ToString())}" };

        return new(name, kind, inApp, standing, mark.Line);
    }

    private List<int> From(int first, bool? inApp, Standing standing)
    {
        var depth = inApp switch
        {
            false when IsByClass(_calls[first], inApp) => LibraryClasses,
            false => LibraryFrames,
            _ => NamelessFrames,
        };
        List<int> chosen = [first];
        for (var i = first + 1; i < _calls.Count && chosen.Count < depth; i++)
        {
            if (inApp != false && _calls[chosen[^1]].Name.Name.Length > 0)
                break;

            if (_calls[i].InApp == _calls[first].InApp && _calls[i].Standing == standing && !chosen.Exists(c => IsSame(_calls[c], _calls[i], inApp)))
                chosen.Add(i);
        }

        return chosen;
    }

    private static bool IsSame(Call left, Call right, bool? inApp) =>
        IsByClass(left, inApp) ? left.Name.Place == right.Name.Place : left.Name == right.Name;

    /// <summary>
    /// Where a stack overflowed is chance; what it overflowed with is not: the functions that occur most. Leaves they happened to call, and
    /// what led there, occur once.
    /// </summary>
    private List<int> Cycle(bool? inApp)
    {
        Dictionary<FrameName, (int Count, int First)> calls = [];
        var most = 0;
        for (var i = 0; i < _calls.Count; i++)
        {
            if (_calls[i].InApp != inApp || _calls[i].Standing is not (Standing.Counts or Standing.Guard))
                continue;

            var (count, first) = calls.GetValueOrDefault(_calls[i].Name, (0, i));
            calls[_calls[i].Name] = (count + 1, first);
            most = Math.Max(most, count + 1);
        }

        return [.. calls.Where(c => c.Value.Count * 2 >= most).OrderBy(c => c.Key.ToString(), StringComparer.Ordinal).Take(CycleFrames).Select(c => c.Value.First)];
    }
}
