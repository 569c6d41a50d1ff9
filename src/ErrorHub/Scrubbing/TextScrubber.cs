using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing.Detectors;

namespace ErrorHub.Scrubbing;

/// <summary>Replaces personal data and secrets in one text. What comes out holds nothing that would be found again.</summary>
internal static class TextScrubber
{
    /// <summary>What stands for a value that is gone as a whole.</summary>
    internal const string Filtered = "[Filtered]";

    private const int MaxPasses = 4;
    private const int KeptFindings = 1_024;

    // A number of a person or a card has nine digits and more.
    private const int ShortestOfDigits = 9;

    // A key of AWS may have no digit.
    private const int ShortestToken = 20;

    // No number that needs a keyword has fewer.
    private const int FewestDigits = 3;

    // Where two find the same text the first one names it; credentials of a URL come before the mailbox their @ looks like.
    private static readonly Detector[] All =
    [
        new PemKeys(), new UrlCredentials(), new JsonWebTokens(), new VendorTokens(), new AuthorizationSchemes(), new CardNumbers(),
        new Ibans(), new EmailAddresses(), new UsSocialSecurity(), new MacAddresses(), new IpAddresses(), new UserPaths(), new UkNhsNumbers(),
        new UkNationalInsurance(), new FrenchNir(), new GermanTaxIds(), new SpanishDni(), new DutchBsn(), new PolishPesel(), new BrazilianCpf(),
        new BrazilianCnpj(), new ItalianCodiceFiscale(), new UsProviderIds(), new UsDeaNumbers(), new UsMedicareIds(), new PassportNumbers(),
        new MedicalRecordNumbers(), new BirthDates(), new BankAccounts(), new PhoneNumbers(),
        new InlineSecrets(), new NamedSecrets(),
    ];

    private static readonly SearchValues<char> OfPlainNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-");
    private static readonly WordTable Words = new(All);
    private static readonly uint NearKeywords = BitsOf(d => d is NearKeyword);
    private static readonly uint[] LookingAt = [.. Enum.GetValues<TextPlace>().Select(place => BitsOf(d => d.LooksAt(place)))];
    private static readonly (Detector Detector, uint Bit)[] WithoutWord = [.. All.Select((d, i) => (d, 1u << i)).Where(d => d.d.FindsWithoutWord)];

    /// <summary>The bit of texts that have one of the verbs of <see cref="InlineSecrets"/>.</summary>
    internal static uint BitOfVerbs { get; } = BitOf<InlineSecrets>();

    private static readonly Dictionary<string, string> RuleOf = MakeRules();

    private static readonly SearchValues<string> Placeholders =
        SearchValues.Create([Filtered, .. All.Select(d => $"[{d.Rule}]")], StringComparison.Ordinal);

    // In place of findings: what is not read may hold anything.
    private static readonly List<Finding> OutOfTime = [new Finding(0, 0, Filtered)];

    [ThreadStatic]
    private static List<Finding>? _found;

    /// <summary>The names of all rules.</summary>
    internal static IEnumerable<string> RuleNames => All.Select(d => d.Rule).Distinct();

    /// <summary>True for what was written in place of something, and nothing else.</summary>
    internal static bool IsPlaceholder(ReadOnlySpan<char> text) => RuleOf.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(text);

    /// <summary>True when a number behind these words may be known by them.</summary>
    internal static bool HasKeyword(string words) => (TextTraits.Of(words, Words).Words & NearKeywords) != 0;

    /// <summary>A text that stands behind words which say what it is; without these, and the same instance when nothing is found.</summary>
    internal static string ScrubBehind(string words, string text, TextPlace place, ScrubbingRun? run)
    {
        if (text.AsSpan().IndexOfAnyInRange('0', '9') < 0)
            return Scrub(text, place, run);

        var whole = words + text;
        var scrubbed = Scrub(whole, place, run);
        return ReferenceEquals(scrubbed, whole) ? text : scrubbed.StartsWith(words, StringComparison.Ordinal) ? scrubbed[words.Length..] : Filtered;
    }

    /// <summary>The bit of a detector that all projects share.</summary>
    internal static uint BitOf<T>()
        where T : Detector => BitsOf(d => d is T);

    /// <summary>True when the text holds what was written in place of something.</summary>
    internal static bool HasPlaceholder(ReadOnlySpan<char> text) => text.Contains('[') && text.ContainsAny(Placeholders);

    /// <summary>The text without what was found in it; the same instance when that is nothing.</summary>
    internal static string Scrub(string text, TextPlace place = TextPlace.Prose, ScrubbingRun? run = null) =>
        Scrub(text, place, run?.Policy.Rules ?? TextRules.Strict, run);

    /// <summary>Likewise by the rules of a project.</summary>
    internal static string Scrub(string text, TextPlace place, TextRules rules, ScrubbingRun? run)
    {
        var length = text.Length;
        // A replacement can bring together what makes a new finding. Then it is searched again; a text that does not come to rest goes whole.
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var found = Ascii.IsValid(text) ? Find(text, place, rules, run) : FindFolded(text, place, rules, run);
            if (found is not { Count: > 0 } && place == TextPlace.Prose)
                found = FindDecoded(text, place, rules, run);
            if (ReferenceEquals(found, OutOfTime))
            {
                run?.Add("time", RemovalAction.Dropped, length);
                return Filtered;
            }

            if (found is not { Count: > 0 })
                return text;

            text = Replace(text, found, run);
            Keep(found);
        }

        run?.Add("unsettled", RemovalAction.Removed, length);
        return Filtered;
    }

    /// <summary>True when nothing is found in a text that is folded.</summary>
    internal static bool IsClean(ReadOnlySpan<char> folded, TextPlace place, ScrubbingRun? run)
    {
        var rules = run?.Policy.Rules ?? TextRules.Strict;
        var found = Find(folded, place, rules, run);
        if (found is not { Count: > 0 } && place == TextPlace.Prose)
            found = FindDecoded(folded, place, rules, run);
        if (found is not { Count: > 0 })
            return true;

        Keep(found);
        return false;
    }

    /// <summary>Likewise in the text as it was before it was escaped.</summary>
    private static List<Finding>? FindDecoded(ReadOnlySpan<char> text, TextPlace place, TextRules rules, ScrubbingRun? run)
    {
        if (!Decoding.HasMarks(text))
            return null;

        var characters = ArrayPool<char>.Shared.Rent(text.Length);
        var places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            if (!Decoding.TryDecode(text, characters, places, out var length))
                return null;

            var decoded = characters.AsSpan(0, length);
            Folding.Fold(decoded);
            var found = Find(decoded, place, rules, run);
            if (found is null || ReferenceEquals(found, OutOfTime))
                return found;

            foreach (ref var finding in CollectionsMarshal.AsSpan(found))
                finding = finding with { Start = places[finding.Start], End = places[finding.End] };

            return found;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private static List<Finding>? FindFolded(string text, TextPlace place, TextRules rules, ScrubbingRun? run)
    {
        var folded = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            Folding.Fold(text, folded);
            return Find(folded.AsSpan(0, text.Length), place, rules, run);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(folded);
        }
    }

    /// <summary>What is found; null when no detector had a reason to look.</summary>
    private static List<Finding>? Find(ReadOnlySpan<char> folded, TextPlace place, TextRules rules, ScrubbingRun? run)
    {
        if (place == TextPlace.Name && rules.Own.Count == 0 && IsPlainName(folded))
            return null;

        var traits = TextTraits.Of(folded, Words);
        var detectors = traits.Words;
        if (traits.Digits < FewestDigits)
            detectors &= ~NearKeywords;

        foreach (var (detector, bit) in WithoutWord)
            if (detector.MayFind(traits))
                detectors |= bit;

        detectors &= LookingAt[(int)place] & rules.BuiltIn;
        if (detectors == 0 && rules.Own.Count == 0)
            return null;

        var found = _found ??= [];
        found.Clear();
        for (; detectors != 0; detectors &= detectors - 1)
        {
            if (run?.MayRead(folded.Length) == false)
                return OutOfTime;

            All[BitOperations.TrailingZeroCount(detectors)].Find(folded, found);
        }

        return rules.Own.Count == 0 || FindOwn(folded, traits, place, rules.Own, found, run) ? found : OutOfTime;
    }

    // Events come with a list of hundreds of packages: all that is found has a digit or a sign in it, and is longer than most versions.
    private static bool IsPlainName(ReadOnlySpan<char> folded) =>
        (folded.Length < ShortestOfDigits && !folded.Contains('@'))
        || ((folded.Length < ShortestToken || folded.Contains('.')) && !folded.ContainsAnyExcept(OfPlainNames));

    private static bool FindOwn(ReadOnlySpan<char> folded, in TextTraits traits, TextPlace place, IReadOnlyList<Detector> detectors, List<Finding> found, ScrubbingRun? run)
    {
        foreach (var detector in detectors)
        {
            if (!detector.LooksAt(place) || !detector.MayFind(traits))
                continue;
            if (run?.MayRead(folded.Length) == false)
                return false;

            detector.Find(folded, found);
        }

        return true;
    }

    private static void Keep(List<Finding> found)
    {
        if (found.Capacity > KeptFindings)
            _found = null;
    }

    private static Dictionary<string, string> MakeRules()
    {
        var rules = All.Select(d => d.Rule).Distinct().ToDictionary(rule => $"[{rule}]");
        rules[Filtered] = "secret";
        return rules;
    }

    private static uint BitsOf(Func<Detector, bool> which) =>
        All.Select((d, i) => which(d) ? 1u << i : 0).Aggregate(0u, (bits, bit) => bits | bit);

    private static string Replace(string text, List<Finding> found, ScrubbingRun? run)
    {
        Span<int> order = found.Count <= 64 ? stackalloc int[found.Count] : new int[found.Count];
        var isSorted = true;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            isSorted &= i == 0 || found[i - 1].Start <= found[i].Start;
        }

        // One detector finds from left to right.
        if (!isSorted)
            order.Sort((a, b) => found[a].Start != found[b].Start ? found[a].Start.CompareTo(found[b].Start) : a.CompareTo(b));
        var output = new StringBuilder(text.Length);
        var done = 0;
        for (var i = 0; i < order.Length;)
        {
            // Findings that overlap go together, under the name of the detector that comes first.
            var (start, end, first) = (found[order[i]].Start, found[order[i]].End, order[i]);
            for (i++; i < order.Length && found[order[i]].Start < end; i++)
                (end, first) = (Math.Max(end, found[order[i]].End), Math.Min(first, order[i]));

            output.Append(text, done, start - done).Append(found[first].Replacement);
            run?.Add(found[first].Rule ?? RuleOf[found[first].Replacement], found[first].Action, end - start);
            done = end;
        }

        return output.Append(text, done, text.Length - done).ToString();
    }
}
