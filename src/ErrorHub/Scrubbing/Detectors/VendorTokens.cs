using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Tokens of clouds and vendors, known by the prefix their makers gave them so that they can be found.</summary>
internal sealed class VendorTokens : Detector
{
    /// <summary>Prefix, and the least characters behind it.</summary>
    private static readonly (string Prefix, int Least)[] Prefixes =
    [
        ("AKIA", 16), ("ASIA", 16), ("ABIA", 16), ("ACCA", 16), ("AROA", 16), ("AIDA", 16),
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20),
        ("glpat-", 16), ("glptt-", 16), ("gldt-", 16), ("glrt-", 16), ("glcbt-", 16), ("glsoat-", 16), ("glft-", 16),
        ("xoxb-", 8), ("xoxp-", 8), ("xoxa-", 8), ("xoxr-", 8), ("xoxs-", 8), ("xoxe-", 8), ("xoxe.", 8), ("xapp-", 8),
        ("hooks.slack.com/services/", 12),
        ("sk_live_", 8), ("sk_test_", 8), ("rk_live_", 8), ("rk_test_", 8), ("pk_live_", 8), ("whsec_", 12),
        ("AIza", 30), ("ya29.", 16), ("GOCSPX-", 16), ("1//0", 30),
        ("npm_", 30), ("SG.", 30), ("pypi-AgE", 16), ("rubygems_", 30), ("dckr_pat_", 16), ("key-", 32),
        ("sk-ant-", 16), ("sk-proj-", 16), ("sk-", 32), ("hf_", 30), ("dop_v1_", 32), ("doo_v1_", 32), ("dapi", 32),
        ("shpat_", 24), ("shpss_", 24), ("shpca_", 24), ("hvs.", 20), ("hvb.", 20), ("ATATT3", 20), ("NRAK-", 20), ("PMAK-", 20),
        ("sq0atp-", 16), ("sq0csp-", 16), ("dp.pt.", 16), ("sntrys_", 20), ("sntryu_", 20), ("glsa_", 20), ("lin_api_", 20),
        ("pscale_tkn_", 16), ("EAACEdEose0cBA", 8), ("AGE-SECRET-KEY-1", 20), ("figd_", 20), ("sbp_", 30),
    ];

    private static readonly (string Prefix, int Least)[][] ByFirst =
        [.. Enumerable.Range(0, 128).Select(first => Prefixes.Where(p => p.Prefix[0] == first).ToArray())];

    private static readonly SearchValues<char> Joints = SearchValues.Create("0123456789_-.");

    internal override string Rule => "token";

    internal override bool LooksAt(TextPlace place) => true;

    internal override IEnumerable<AnchorWord> Words => Exactly(Prefixes.Select(p => p.Prefix));

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        // What is letters alone is the name of something.
        if (!text.ContainsAny(Joints))
            return;

        var run = default(Run);
        var isInWord = false;
        for (var at = 0; at < text.Length; at++)
        {
            var wasInWord = isInWord;
            isInWord = char.IsLetterOrDigit(text[at]);
            if (wasInWord || !isInWord || EndOfToken(text, at, ref run) is not (> 0 and var end))
                continue;

            found.Add(new Finding(at, end, Replacement));
            isInWord = false;
            at = end - 1;
        }
    }

    private static int EndOfToken(ReadOnlySpan<char> text, int at, ref Run run)
    {
        foreach (var (prefix, least) in text[at] < ByFirst.Length ? ByFirst[text[at]] : [])
        {
            if (!text[at..].StartsWith(prefix, StringComparison.Ordinal))
                continue;

            var isPath = prefix.Contains('/', StringComparison.Ordinal);
            var start = at + prefix.Length;
            // The same end as that of the last prefix when this one stands within what was read for it: "sk-sk-sk-…" is read once.
            if (start > run.End || isPath != run.IsPath)
                run = Read(text, start, isPath);

            // What is joined of words alone may be the name of something.
            if (run.End - start >= least && (prefix is not ("key-" or "sk-" or "dapi") || run.LastDigit >= at))
                return run.End;
        }

        return -1;
    }

    private static Run Read(ReadOnlySpan<char> text, int start, bool isPath)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'
            || (text[end] == '.' && char.IsAsciiLetterOrDigit(At(text, end + 1))) || (isPath && text[end] == '/')))
            end++;

        return new Run(end, text[start..end].LastIndexOfAnyInRange('0', '9') is >= 0 and var digit ? start + digit : -1, isPath);
    }

    /// <summary>Characters that a token may have.</summary>
    /// <param name="End">Behind the last.</param>
    /// <param name="LastDigit">The last digit; -1 when there is none.</param>
    /// <param name="IsPath">True when slashes are among them.</param>
    private readonly record struct Run(int End, int LastDigit, bool IsPath);
}
