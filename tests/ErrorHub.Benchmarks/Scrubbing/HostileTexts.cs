namespace ErrorHub.Benchmarks.Scrubbing;

/// <summary>Pieces which, repeated, make each detector begin as often as it can and find as little as it can, or find all the time.</summary>
internal static class HostileTexts
{
    public static readonly (string Name, string Head, string Piece)[] All =
    [
        ("words", "", "no bed is free for the order "),
        ("letters", "", "a"),
        ("digits", "", "4111"),
        ("groups of digits", "", "4111 1"),
        ("digits in a row", "", "4 1 2 "),
        ("digits nobody sees", "", "4\u200B1\u200B"),
        ("cards", "", "4111111111111111 "),
        ("countries", "", "DE89 3704 "),
        ("serials", "", "536-90-"),
        ("mailboxes", "", "a@b.cc "),
        ("at signs", "", "a@"),
        ("literal hosts", "", "a@["),
        ("encoded at signs", "", "%40"),
        ("IPv4", "", "1.1.1."),
        ("IPv6", "", "::1:"),
        ("pairs", "", "a1:"),
        ("URLs", "", "://"),
        ("URLs with users", "", "a://b:c@"),
        ("web tokens", "", "eyJhbGciOiJI."),
        ("PEM", "", "-----BEGIN KEY"),
        ("PEM labels", "", "-----BEGIN "),
        ("prefixes", "", "sk-"),
        ("prefixes of paths", "", "key-."),
        ("schemes", "", "bearer a1 "),
        ("homes", "", "/home/"),
        ("records", "", "mrn-1-"),
        ("accounts", "aba ", "konto 1-1-"),
        ("births", "", "born 1 "),
        ("phones", "", "call 1(-("),
        ("pluses", "", "+1-."),
        ("tax ids", "", "tin nie nif dni 12 "),
        ("assignments", "", "a="),
        ("names", "", "a.b_c-d: "),
        ("secrets", "", "password=x "),
        ("lists of secrets", "pwd=", ",a"),
        ("brackets of secrets", "pwd=", ")a"),
        ("short secrets", "", "pwd=,a"),
        ("quotes", "", "pwd='"),
        ("verbs", "", "x is "),
        ("late verbs", new string('a', 1024), " is"),
        ("forms", "", "a=%&"),
        ("forms in forms", "%", "a="),
        ("JSON in text", "[", "{\"password\":1},"),
        ("escapes", "", "\\\""),
        ("wide forms", "", "\uFF14\uFF11"),
        ("Cyrillic", "", "нет места "),
    ];

    /// <summary>A text of some length.</summary>
    public static string Make(string head, string piece, int length)
    {
        var text = string.Create(length, (head, piece), static (output, source) =>
        {
            source.head.AsSpan(0, Math.Min(source.head.Length, output.Length)).CopyTo(output);
            for (var i = source.head.Length; i < output.Length; i++)
                output[i] = source.piece[(i - source.head.Length) % source.piece.Length];
        });
        return head == "[" ? text[..(text.LastIndexOf(',') is > 0 and var comma ? comma : text.Length)] + "]" : text;
    }
}
