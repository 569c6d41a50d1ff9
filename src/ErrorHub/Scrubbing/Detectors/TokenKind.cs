using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Tokens of one maker, known by how they begin.</summary>
/// <param name="Prefix">What they begin with.</param>
/// <param name="Least">How many characters follow at least.</param>
/// <param name="Alphabet">Which characters these are: an index of <see cref="Alphabets"/>.</param>
/// <param name="HasDigit">True when a digit must be among them: what is joined of words alone may be the name of something.</param>
/// <param name="Most">How many follow at most.</param>
internal sealed record TokenKind(string Prefix, int Least, int Alphabet = TokenKind.Joined, bool HasDigit = false, int Most = int.MaxValue)
{
    /// <summary>Letters and digits with underscores, dashes and dots between them.</summary>
    internal const int Joined = 0;

    /// <summary>Letters and digits.</summary>
    internal const int Plain = 1;

    /// <summary>Upper case and digits.</summary>
    internal const int Upper = 2;

    /// <summary>Digits of base 16.</summary>
    internal const int Hex = 3;

    /// <summary>Base64 of both alphabets, percent-encoded too.</summary>
    internal const int Base64 = 4;

    /// <summary>The path of a URL.</summary>
    internal const int Path = 5;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The characters of each alphabet.</summary>
    internal static readonly SearchValues<char>[] Alphabets =
    [
        SearchValues.Create(Letters + "_-."), SearchValues.Create(Letters), SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        SearchValues.Create("0123456789abcdefABCDEF"), SearchValues.Create(Letters + "_-.+/=%"), SearchValues.Create(Letters + "_-./@"),
    ];

    /// <summary>All kinds.</summary>
    internal static readonly TokenKind[] All =
    [
        // Clouds and their parts.
        new("AKIA", 16, Upper, Most: 16), new("ASIA", 16, Upper, Most: 16), new("ABIA", 16, Upper, Most: 16), new("ACCA", 16, Upper, Most: 16),
        new("AROA", 16, Upper, Most: 17), new("AIDA", 16, Upper, Most: 17), new("ABSK", 100, Base64), new("AIza", 30), new("ya29.", 16), new("GOCSPX-", 16),
        new("1//0", 30), new("4/0A", 40), new("APA91b", 100), new("LTAI", 12, Plain, HasDigit: true, Most: 24), new("dapi", 32, Hex),
        new("dop_v1_", 32), new("doo_v1_", 32), new("dor_v1_", 32), new("HRKU-AA", 40), new("fo1_", 40), new("fm1_", 60, Base64), new("fm2_", 60, Base64),
        new("nfp_", 32), new("tskey-", 20, HasDigit: true), new("CfDJ8", 40, Base64), new("sha256~", 40), new("atlasv1.", 40), new("hvs.", 20), new("hvb.", 20),
        new("AQVN", 35, Plain, HasDigit: true), new("pul-", 40, Hex), new("dt0c01.", 40), new("dt0s16.", 40), new("pscale_tkn_", 16), new("pscale_pw_", 32), new("sbp_", 30),
        new("sb_secret_", 20, HasDigit: true), new("dp.pt.", 16), new("dp.st.", 16), new("dp.ct.", 16), new("dp.sa.", 16),

        // Code, packages and builds.
        new("ghp_", 20), new("gho_", 20), new("ghu_", 20), new("ghs_", 20), new("ghr_", 20), new("github_pat_", 20),
        new("glpat-", 16), new("glptt-", 16), new("gldt-", 16), new("glrt-", 16), new("glcbt-", 16), new("glsoat-", 16), new("glft-", 16), new("gloas-", 16),
        new("glffct-", 16), new("glimt-", 16), new("glagent-", 16), new("glwt-", 16), new("GR1348941", 16),
        new("ATATT3", 20, Base64), new("ATCTT3", 20, Base64), new("ATBB", 24, Plain, HasDigit: true), new("lin_api_", 20), new("figd_", 20),
        new("npm_", 30, Plain), new("pypi-AgE", 16), new("rubygems_", 30), new("dckr_pat_", 16), new("dckr_oat_", 16), new("AKCp", 60, Plain),
        new("cio", 32, Plain, HasDigit: true, Most: 32), new("oy2", 43, Plain, HasDigit: true, Most: 43), new("CCIPAT_", 40), new("bkua_", 40, Hex),
        new("squ_", 40, Hex), new("sqp_", 40, Hex), new("sqa_", 40, Hex), new("API-", 25, Upper, HasDigit: true, Most: 31), new("CFPAT-", 40), new("ico-", 32, Plain),
        new("sntrys_", 20), new("sntryu_", 20), new("glsa_", 20), new("glc_", 32, Base64), new("NRAK-", 20), new("NRII-", 30), new("PMAK-", 20), new("phx_", 40, Plain),

        // Messages and mail.
        new("xoxb-", 8), new("xoxp-", 8), new("xoxa-", 8), new("xoxr-", 8), new("xoxs-", 8), new("xoxc-", 8), new("xoxd-", 8, Base64), new("xoxe-", 8), new("xoxe.", 8),
        new("xapp-1-", 8), new("hooks.slack.com/services/", 12, Path), new("hooks.slack.com/workflows/", 12, Path), new("hooks.slack.com/triggers/", 12, Path),
        new("discord.com/api/webhooks/", 30, Path), new("discordapp.com/api/webhooks/", 30, Path), new("webhook.office.com/webhookb2/", 30, Path),
        new("SG.", 50), new("key-", 32, Plain, HasDigit: true), new("xkeysib-", 40), new("ntn_", 40, Plain), new("secret_", 24, Plain, HasDigit: true), new("tfp_", 40),

        // Money and shops.
        new("sk_live_", 8), new("sk_test_", 8), new("sk_org_", 16, HasDigit: true), new("rk_live_", 8), new("rk_test_", 8), new("pk_live_", 8), new("whsec_", 12, Base64),
        new("shpat_", 24), new("shpss_", 24), new("shpca_", 24), new("shppa_", 24), new("sq0atp-", 16), new("sq0csp-", 16), new("EAAA", 60, HasDigit: true, Most: 60),
        new("EAA", 100, Plain, HasDigit: true), new("EAACEdEose0cBA", 8), new("EZAK", 50), new("FLWSECK", 30), new("shippo_live_", 40, Hex), new("shippo_test_", 40, Hex),

        // Models, and keys that stand alone.
        new("sk-ant-", 16), new("sk-proj-", 16), new("sk-svcacct-", 16), new("sk-admin-", 32, HasDigit: true), new("sk-or-v1-", 32), new("sk-", 32, Plain, HasDigit: true),
        new("hf_", 30, Plain), new("gsk_", 40, Plain), new("pplx-", 40, Plain), new("xai-", 60, Plain), new("r8_", 36, Plain), new("ops_eyJ", 100, Base64),
        new("AGE-SECRET-KEY-1", 20),
    ];
}
