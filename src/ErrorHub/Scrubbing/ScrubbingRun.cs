using System.Diagnostics;
using System.Globalization;
using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>One event's way through scrubbing: where in it we are, what was taken out so far, and whether there is time left.</summary>
/// <remarks>One per thread, used again. An event that holds nothing costs it stores to an array, and no memory: all such share a receipt.</remarks>
internal sealed class ScrubbingRun
{
    // The clock is asked each time so many characters were read by detectors: never for an ordinary event.
    private const int CharactersBetweenLooks = 64 * 1024;
    private const int Shallow = 16;

    [ThreadStatic]
    private static ScrubbingRun? _ofThread;

    private readonly List<Entry> _entries = [];
    private (string? Name, int Index)[] _path = new (string?, int)[Shallow];
    private int _place, _more, _muted, _charactersLeft;
    private long _deadline;

    /// <summary>What is to be done.</summary>
    internal ScrubbingPolicy Policy { get; private set; } = ScrubbingPolicy.Strict;

    /// <summary>How many steps below the event we are.</summary>
    internal int Depth { get; private set; }

    /// <summary>True when the time is used up: what a detector would read now is dropped unread.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Begins with an event.</summary>
    internal static ScrubbingRun Begin(TimeSpan budget, ScrubbingPolicy policy)
    {
        var run = _ofThread ??= new ScrubbingRun();
        run.Policy = policy;
        run._entries.Clear();
        (run.Depth, run._more, run._muted, run.IsOver, run._charactersLeft) = (0, 0, 0, false, CharactersBetweenLooks);
        run._deadline = Stopwatch.GetTimestamp() + (long)(budget.TotalSeconds * Stopwatch.Frequency);
        return run;
    }

    /// <summary>Steps down to a key.</summary>
    internal void Enter(string name) => Enter(name, 0);

    /// <summary>Steps down to an item of a list.</summary>
    internal void Enter(int index) => Enter(null, index);

    /// <summary>Steps up again.</summary>
    internal void Leave() => LeaveTo(Depth - 1);

    /// <summary>Likewise to where we were when that was the depth.</summary>
    internal void LeaveTo(int depth) => (Depth, _place) = (depth, _place + 1);

    /// <summary>Reads without taking out: what is found is not noted.</summary>
    internal void Mute() => _muted++;

    /// <summary>Ends that.</summary>
    internal void Unmute() => _muted--;

    /// <summary>Counts characters that a detector reads now; false when there is no time for them.</summary>
    internal bool MayRead(int characters)
    {
        _charactersLeft -= characters;
        if (_charactersLeft < 0)
        {
            _charactersLeft = CharactersBetweenLooks;
            IsOver |= Stopwatch.GetTimestamp() > _deadline;
        }

        return !IsOver;
    }

    /// <summary>Notes something that is taken out here.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="action">One of <see cref="RemovalAction"/>.</param>
    /// <param name="length">How many characters it had.</param>
    internal void Add(string rule, string action, int length)
    {
        if (_muted > 0)
            return;

        for (var i = _entries.Count - 1; i >= 0 && _entries[i].Place == _place; i--)
            if (_entries[i].Rule == rule && _entries[i].Action == action)
            {
                _entries[i] = _entries[i] with { Count = _entries[i].Count + 1, Longest = Math.Max(_entries[i].Longest, length) };
                return;
            }

        if (_entries.Count < ScrubbingReceipt.MaxRemovals)
            _entries.Add(new Entry(_place, PathText(), rule, action, 1, length));
        else
            _more++;
    }

    /// <summary>Where we are: <c>exception.values.0.value</c>.</summary>
    internal string PathText()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Depth && text.Length <= Removal.MaxPath; i++)
        {
            var (name, index) = _path[i];
            text.Append(i == 0 ? "" : ".").Append(name ?? index.ToString(CultureInfo.InvariantCulture));
        }

        if (text.Length > Removal.MaxPath)
            text.Length = char.IsHighSurrogate(text[Removal.MaxPath - 1]) ? Removal.MaxPath - 1 : Removal.MaxPath;

        return text.ToString();
    }

    /// <summary>What was taken out, behind what was already before.</summary>
    internal ScrubbingReceipt ReceiptAfter(ScrubbingReceipt? before)
    {
        var known = before?.Removals ?? [];
        // Keys of the event are part of the places, and may be what other rules find.
        if (before is not null && before.Policy != Policy.Version)
            known = [.. known.Select(r => r with { Path = Policy.Names.ScrubPath(r.Path) })];

        if (_entries.Count == 0 && known.SequenceEqual(before?.Removals ?? []))
            return before ?? Policy.Clean;

        var all = known.Concat(_entries.Select(e => new Removal(e.Path, e.Rule, e.Action, e.Count, Removal.RangeOf(e.Longest)))).ToArray();
        var kept = all.Length <= ScrubbingReceipt.MaxRemovals ? all : all[..ScrubbingReceipt.MaxRemovals];
        return new ScrubbingReceipt(Policy.Version, kept, (before?.More ?? 0) + _more + all.Length - kept.Length);
    }

    private void Enter(string? name, int index)
    {
        if (Depth == _path.Length)
            Array.Resize(ref _path, 2 * Depth);

        _path[Depth++] = (name, index);
        _place++;
    }

    private readonly record struct Entry(int Place, string Path, string Rule, string Action, int Count, int Longest);
}
