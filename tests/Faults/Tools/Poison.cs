using System.Text;

namespace ErrorHub.Faults.Tools;

/// <summary>
/// Values that PostgreSQL refuses where they are stored as they come, or that .NET's JSON reader throws at, each in the places of an event
/// that become columns, tags or JSON. Nesting without end is not among them: it is answered 200 and counted as unreadable.
/// </summary>
internal static class Poison
{
    // Latin-1: each character here is one byte of the body.
    private static readonly string[] Texts =
    [
        @"a\u0000b",
        "a\0b",
        "a\u00ffb",
        "a\u00ed\u00a0\u0080b",
        "a\u00c0\u0080b",
        @"a\ud800b",
        @"a\udc00\ud800b",
        new('x', 201),
        string.Concat(Enumerable.Range(0, 400).Select(i => Convert.ToHexString(BitConverter.GetBytes(i * 2654435761)))),
    ];

    private static readonly string[] Values =
    [
        "NaN", "-Infinity", "1e131073", "1e-20000", "1e400", "9223372036854775808", @"{""a"":1,""a"":2}", @"{""\u0000"":1}",
    ];

    private static readonly string[] Times =
        ["294277-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T23:59:60Z", "1e300", "-9223372036854775808"];

    /// <summary>Further members of an event's JSON, one poison each.</summary>
    public static IEnumerable<byte[]> Members =>
        Texts.SelectMany(t => new[]
            {
                $$$"""
                "message":"{{{t}}}",
                """,
                $$$"""
                "logger":"{{{t}}}","server_name":"{{{t}}}","transaction":"{{{t}}}",
                """,
                $$$"""
                "fingerprint":["{{{t}}}"],
                """,
                $$$"""
                "contexts":{"{{{t}}}":{"{{{t}}}":"{{{t}}}"}},
                """,
                $$$"""
                "request":{"url":"http://x/{{{t}}}","headers":[["{{{t}}}","{{{t}}}"]]},
                """,
            })
            .Concat(Values.Select(v => $$$"""
                "contexts":{"device":{"memory_size":{{{v}}}},"other":{"value":{{{v}}}}},
                """))
            .Concat(Times.Select(t => $$$"""
                "timestamp":"{{{t}}}","breadcrumbs":[{"timestamp":"{{{t}}}","message":"x"}],
                """))
            .Select(Encoding.Latin1.GetBytes);
}
