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

    private static readonly SearchValues<string> Beginnings =
        SearchValues.Create([.. Prefixes.Select(p => p.Prefix)], StringComparison.Ordinal);

    internal override string Rule => "token";

    internal override bool LooksAt(TextPlace place) => true;

    internal override bool MayFind(in TextTraits text) => text.Digits > 0 || text.Has(Anchors.Underscore | Anchors.Dash | Anchors.Dot);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Beginnings);
            if (hit < 0)
                return;

            at += hit;
            var end = char.IsLetterOrDigit(Before(text, at)) ? -1 : EndOfToken(text, at);
            if (end > 0)
                found.Add(new Finding(at, end, Replacement));

            at = end > 0 ? end : at + 1;
        }
    }

    private static int EndOfToken(ReadOnlySpan<char> text, int at)
    {
        foreach (var (prefix, least) in Prefixes)
        {
            if (!text[at..].StartsWith(prefix, StringComparison.Ordinal))
                continue;

            var isPath = prefix.Contains('/', StringComparison.Ordinal);
            var end = at + prefix.Length;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'
                || (text[end] == '.' && char.IsAsciiLetterOrDigit(At(text, end + 1))) || (isPath && text[end] == '/')))
                end++;

            // What is joined of words alone may be the name of something.
            if (end - at - prefix.Length >= least && (prefix is not ("key-" or "sk-" or "dapi") || text[at..end].IndexOfAnyInRange('0', '9') >= 0))
                return end;
        }

        return -1;
    }
}
