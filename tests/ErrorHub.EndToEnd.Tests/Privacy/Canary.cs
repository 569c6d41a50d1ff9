using System.Text;

namespace ErrorHub.EndToEnd.Tests.Privacy;

/// <summary>A synthetic secret: what an app writes, and the part of it that must be found nowhere.</summary>
/// <param name="Text">A piece of text with the secret in it.</param>
/// <param name="Secret">The secret.</param>
/// <param name="IsPlain">True when only what stands around it tells that it is one: in a line of source it is code as often.</param>
internal sealed record Canary(string Text, string Secret, bool IsPlain = false)
{
    /// <summary>Forty, of every kind that is looked for.</summary>
    public static IReadOnlyList<Canary> All { get; } =
    [
        Known("4539578763621486"), Known("5425 2334 3010 9903"), Known("3742-454554-00126"), Known("DE62370400440532013971"), Known("GB80NWBK60161331926871"),
        Known("536-22-8145"), Known("canary.one@mail.clinic.example"), Known("käthe@büro.example"), Known("+49 151 23456781"), Known("203.0.113.171"),
        Known("2001:db8:85a3::8a2e:371:7331"), Known("3c:22:fb:9a:41:7e"),
        Known("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkiLCJuIjo0MX0.c2lnbmF0dXJlLWNhbmFyeS00MQ"),
        new("Authorization: Bearer cnry41bearerTok9zQ", "cnry41bearerTok9zQ"), new("Authorization: Basic Y2FuYXJ5OmNhbmFyeTQx", "Y2FuYXJ5OmNhbmFyeTQx"),
        Known("AKIACANARY41Q7ZX3MPL"), Known("ghp_cAnArY41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5H"), Known("glpat-cAnArY41x9Qz7Lm2Kp8R"), Known("xoxb-4141414141-cAnArY41x9Qz"),
        Known("sk_live_cAnArY41x9Qz7Lm2Kp8Rt4Vw"), Known("AIzaCaNaRy41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5H"), Known("npm_cAnArY41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5Hj"),
        Known("SG.cAnArY41x9Qz7Lm2Kp8Rtw.cAnArY41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5Hj7Kl9Mq"), Known("hvs.cAnArY41x9Qz7Lm2Kp8Rt4"),
        new("postgres://app:cnry41urlpass@db.internal/shop", "cnry41urlpass"), new("Server=db;User Id=app;Password=cnry41connstr;Pooling=true", "cnry41connstr", true),
        new("the password is cnry41prose9x", "cnry41prose9x", true), new("Login(user='app', password='cnry41repr7k')", "cnry41repr7k", true),
        new("client_secret=cnry41formsecret", "cnry41formsecret", true), new("access_token: cnry41yamltoken8", "cnry41yamltoken8", true),
        new("NHS number 9434765927", "9434765927", true), new("steuer-id 86095742719", "86095742719", true), new("DNI 47382915V", "47382915V", true),
        new("PESEL 44051401359", "44051401359", true), new("CPF 529.982.247-25", "529.982.247-25", true), new("NIR 255081416802538", "255081416802538", true),
        new("MRN 84120771", "84120771", true), new("date of birth 1961-07-23", "1961-07-23", true),
        new("/home/cnryuser41/app", "cnryuser41", true),
        new("-----BEGIN RSA PRIVATE KEY-----\nMIIEcAnArY41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5Hj7Kl9Mq\n-----END RSA PRIVATE KEY-----", "MIIEcAnArY41x9Qz7Lm2Kp8Rt4Vw6Ys1Nd3Bf5Hj7Kl9Mq"),
    ];

    /// <summary>The bytes by which it would be found, as text of either width, as hex, and in Base64 wherever it begins.</summary>
    public IReadOnlyList<byte[]> Needles { get; } = NeedlesOf(Secret);

    /// <summary>The bytes by which a text is found.</summary>
    public static IReadOnlyList<byte[]> NeedlesOf(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var base64 = Enumerable.Range(0, 3).Select(shift =>
        {
            // Without the characters that depend on what stands before and behind.
            var encoded = Convert.ToBase64String([.. new byte[shift], .. utf8]).TrimEnd('=');
            return Encoding.ASCII.GetBytes(encoded[(shift == 0 ? 0 : shift + 1)..^1]);
        });
        return [utf8, Encoding.Unicode.GetBytes(text), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)), .. base64];
    }

    private static Canary Known(string secret) => new($"got {secret} here", secret);
}
