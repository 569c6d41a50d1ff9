using System.Runtime.InteropServices;

namespace ErrorHub.Similarity;

/// <summary>A stack that was found, and how alike it is.</summary>
/// <param name="Stack">Its number, as <see cref="SimilarStacks.Add"/> gave it.</param>
/// <param name="Similarity">Over 0 when something matches, to 1 for the same stack.</param>
public readonly record struct SimilarStack(int Stack, double Similarity);

/// <summary>
/// Stacks in memory, and the search for those most alike. Alike are equal frames near the crash site that few other stacks have, in about
/// the same place: FaST, a linear alignment with inverse-document-frequency weights (Rodrigues, Aloise, Fernandes, MSR 2022).
/// </summary>
/// <remarks>
/// The similarity of two stacks is the share of their weight that matches. A frame at position p weighs exp(-4 df/(50+N)) / p, where df of the N
/// stacks have it; a pair that stands d positions apart matches by (1 + exp(-d/20)) / 2. An inverted index finds the candidates, weightiest
/// frames first and within a bound; only the best of them are aligned. Not safe for several threads at once.
/// </remarks>
public sealed class SimilarStacks
{
    private const double Steepness = 4;
    private const double Distance = 0.05;

    // Of a handful of stacks all may share a frame that is no rarity among many: none of theirs is called common yet.
    private const double Few = 50;

    // Entries of the index that a search may look at: about a millisecond. What every stack has comes last, and may be left out.
    private const int MaxVisits = 150_000;

    // Candidates that are aligned. More change no result in the evaluation.
    private const int MaxAligned = 100;

    private const int PositionBits = 7;
    private const int PositionMask = (1 << PositionBits) - 1;

    private static readonly double[] NearAt = [.. Enumerable.Range(0, StackPath.MaxFrames + 1).Select(d => (1 + Math.Exp(-Distance * d)) / 2)];

    private readonly List<StackPath> _stacks = [];
    private readonly List<float> _weights = [];

    // For each frame where it first stands in which stack: number and position in one, in the order of the numbers.
    private readonly Dictionary<int, List<uint>> _places = [];

    private float[] _matched = [];
    private int _weighed;

    /// <summary>Stacks in it.</summary>
    public int Count => _stacks.Count;

    /// <summary>Adds a stack.</summary>
    /// <returns>Its number: how many there were before.</returns>
    public int Add(StackPath stack)
    {
        var number = _stacks.Count;
        var frames = stack.Frames;
        for (var i = 0; i < frames.Length; i++)
        {
            if (frames[..i].Contains(frames[i]))
                continue;

            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, frames[i], out _);
            (places ??= []).Add(((uint)number << PositionBits) | (uint)i);
        }

        _stacks.Add(stack);
        _weights.Add((float)WeightOf(frames));
        WeighAnew();
        return number;
    }

    /// <summary>The stacks most like one, best first; those that share nothing with it are left out.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="take">Most results, at most 100.</param>
    /// <param name="isWanted">Whether a stack may be a result; null for all.</param>
    public IReadOnlyList<SimilarStack> Find(StackPath stack, int take, Predicate<int>? isWanted = null)
    {
        var query = new Query(stack.Frames, this);
        List<SimilarStack> found = [];
        foreach (var candidate in Candidates(query, isWanted))
            found.Add(new(candidate, Align(query, candidate)));

        found.Sort((a, b) => b.Similarity != a.Similarity ? b.Similarity.CompareTo(a.Similarity) : a.Stack.CompareTo(b.Stack));
        return found.Count > take ? found[..take] : found;
    }

    // By what their first equal frames match, which is all of it where no function occurs twice.
    private List<int> Candidates(Query query, Predicate<int>? isWanted)
    {
        if (_matched.Length < _stacks.Count)
            _matched = new float[Math.Max(_stacks.Count, 2 * _matched.Length)];

        List<int> touched = [];
        var visits = 0;
        foreach (var term in query.Terms.OrderByDescending(t => t.Rarity / (t.First + 1)))
        {
            if (!_places.TryGetValue(term.Frame, out var places))
                continue;

            visits += places.Count;
            if (visits > MaxVisits && touched.Count > 0)
                break;

            foreach (var place in CollectionsMarshal.AsSpan(places))
            {
                var number = (int)(place >> PositionBits);
                ref var matched = ref _matched[number];
                if (matched == 0)
                    touched.Add(number);

                matched += (float)Match(term.Rarity, term.First, (int)(place & PositionMask));
            }
        }

        PriorityQueue<int, double> best = new();
        foreach (var number in touched)
        {
            var share = _matched[number] / (query.Weight + _weights[number]);
            _matched[number] = 0;
            if ((best.Count == MaxAligned && best.TryPeek(out _, out var least) && share <= least) || isWanted?.Invoke(number) == false)
                continue;

            if (best.Count == MaxAligned)
                best.Dequeue();

            best.Enqueue(number, share);
        }

        return [.. best.UnorderedItems.Select(b => b.Element)];
    }

    // The n-th of equal frames goes with the n-th of the other.
    private double Align(Query query, int number)
    {
        Span<int> next = stackalloc int[query.Terms.Count];
        for (var t = 0; t < next.Length; t++)
            next[t] = query.Terms[t].First;

        double matched = 0;
        var frames = _stacks[number].Frames;
        for (var i = 0; i < frames.Length; i++)
        {
            if (!query.TermOf.TryGetValue(frames[i], out var t) || next[t] is not (>= 0 and var position))
                continue;

            matched += Match(query.Terms[t].Rarity, position, i);
            next[t] = query.NextEqual[position];
        }

        return Math.Min(1, matched / (query.Weight + _weights[number]));
    }

    private static double Match(double rarity, int left, int right) =>
        rarity * (1.0 / (left + 1) + 1.0 / (right + 1)) * NearAt[Math.Abs(left - right)];

    // What a stack weighs changes slowly as others come; with the first few that is fast.
    private void WeighAnew()
    {
        if (_stacks.Count < _weighed + (_weighed / 4))
            return;

        _weighed = _stacks.Count;
        for (var i = 0; i < _stacks.Count; i++)
            _weights[i] = (float)WeightOf(_stacks[i].Frames);
    }

    private double WeightOf(ReadOnlySpan<int> frames)
    {
        double weight = 0;
        for (var i = 0; i < frames.Length; i++)
            weight += RarityOf(frames[i]) / (i + 1);

        return weight;
    }

    private double RarityOf(int frame) =>
        _places.TryGetValue(frame, out var places) ? Math.Exp(-Steepness * places.Count / (Few + _stacks.Count)) : 1;

    private readonly record struct Term(int Frame, double Rarity, int First);

    /// <summary>The stack that is looked for, by its different frames.</summary>
    private sealed class Query
    {
        public Query(ReadOnlySpan<int> frames, SimilarStacks stacks)
        {
            NextEqual = new int[frames.Length];
            for (var i = frames.Length - 1; i >= 0; i--)
            {
                NextEqual[i] = -1;
                if (TermOf.TryGetValue(frames[i], out var t))
                {
                    NextEqual[i] = Terms[t].First;
                    Terms[t] = Terms[t] with { First = i };
                    continue;
                }

                TermOf.Add(frames[i], Terms.Count);
                Terms.Add(new(frames[i], stacks.RarityOf(frames[i]), i));
            }

            Weight = stacks.WeightOf(frames);
        }

        public double Weight { get; }

        public List<Term> Terms { get; } = [];

        public Dictionary<int, int> TermOf { get; } = [];

        /// <summary>For each position the next one with the same frame; -1 for none.</summary>
        public int[] NextEqual { get; }
    }
}
