using System.Buffers;
using System.Text;
using ErrorHub.Scrubbing.Detectors;

namespace ErrorHub.Scrubbing;

/// <summary>Replaces personal data and secrets in one text. What comes out holds nothing that would be found again.</summary>
internal static class TextScrubber
{
    /// <summary>What stands for a value that is gone as a whole.</summary>
    internal const string Filtered = "[Filtered]";

    private const int MaxPasses = 4;

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
        new InlineSecrets(),
    ];

    private static readonly SearchValues<string> Keywords =
        SearchValues.Create([.. All.OfType<NearKeyword>().SelectMany(d => d.Keywords).Distinct()], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Placeholders =
        SearchValues.Create([Filtered, .. All.Select(d => $"[{d.Rule}]")], StringComparison.Ordinal);

    [ThreadStatic]
    private static List<Finding>? _found;

    /// <summary>True when the text holds what was written in place of something.</summary>
    internal static bool HasPlaceholder(ReadOnlySpan<char> text) => text.Contains('[') && text.ContainsAny(Placeholders);

    /// <summary>The text without what was found in it; the same instance when that is nothing.</summary>
    internal static string Scrub(string text, TextPlace place = TextPlace.Prose) => Scrub(text, place, All);

    /// <summary>Likewise with detectors of choice.</summary>
    internal static string Scrub(string text, TextPlace place, IReadOnlyList<Detector> detectors)
    {
        // A replacement can bring together what makes a new finding. Then it is searched again; a text that does not come to rest goes whole.
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var scrubbed = Once(text, place, detectors);
            if (ReferenceEquals(scrubbed, text))
                return text;

            text = scrubbed;
        }

        return Filtered;
    }

    private static string Once(string text, TextPlace place, IReadOnlyList<Detector> detectors)
    {
        var folded = Folding.Fold(text);
        var traits = TextTraits.Of(folded);
        if (traits is { Found: Anchors.None, Digits: 0 })
            return text;

        if (traits.Digits >= FewestDigits && place != TextPlace.Path)
            traits = traits with { HasKeyword = folded.AsSpan().ContainsAny(Keywords) };

        var found = _found ??= [];
        found.Clear();
        foreach (var detector in detectors)
            if (detector.LooksAt(place) && detector.MayFind(traits))
                detector.Find(folded, found);

        return found.Count == 0 ? text : Replace(text, found);
    }

    private static string Replace(string text, List<Finding> found)
    {
        Span<int> order = found.Count <= 64 ? stackalloc int[found.Count] : new int[found.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;

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
            done = end;
        }

        return output.Append(text, done, text.Length - done).ToString();
    }
}
