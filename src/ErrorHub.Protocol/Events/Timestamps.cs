using System.Globalization;
using System.Text.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>
/// Times as SDKs write them: seconds as a number or numeric text, milliseconds by mistake, or RFC 3339 with more or fewer
/// parts than it allows (protocol.md section 7). Everything comes out in UTC, cut to microseconds, which databases keep.
/// </summary>
public static class Timestamps
{
    // 1e11 s is the year 5138, so a larger number counts finer units: Date.now() gives milliseconds.
    private const double SmallestMilliseconds = 1e11;
    private const double SmallestMicroseconds = 1e14;
    private const double SmallestNanoseconds = 1e17;

    /// <summary>Reads a JSON number or string; false for anything else.</summary>
    public static bool TryRead(JsonElement element, out DateTimeOffset time)
    {
        time = default;
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetDouble(out var number) && TryFromNumber(number, out time),
            JsonValueKind.String => TryParse(element.GetString(), out time),
            _ => false,
        };
    }

    /// <summary>Reads text: numeric, or like <c>2026-07-01T10:00:00.123456789+02:00</c>; without a zone it is UTC.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        var trimmed = (text ?? "").Trim();
        if (trimmed.Length is 0 or > 64)
            return false;

        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return TryFromNumber(number, out time);

        return DateTimeOffset.TryParseExact(
            CutFraction(trimmed),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);
    }

    /// <summary>The form <see cref="TryParse"/> reads back exactly: <c>2026-07-01T10:00:00.123456Z</c>.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF' 'K", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF' 'K", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
    ];

    private static bool TryFromNumber(double number, out DateTimeOffset time)
    {
        time = default;
        var seconds = Math.Abs(number) switch
        {
            >= SmallestNanoseconds => number / 1e9,
            >= SmallestMicroseconds => number / 1e6,
            >= SmallestMilliseconds => number / 1e3,
            _ => number,
        };
        if (!double.IsFinite(seconds) || seconds is < -62_135_596_800 or > 253_402_300_799)
            return false;

        var microseconds = (long)Math.Round(seconds * 1e6);
        time = DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    // .NET reads at most seven digits and Go sends nine; six are what we keep.
    private static string CutFraction(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return text.ToUpperInvariant();

        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;

        return (text[..Math.Min(end, dot + 7)] + text[end..]).ToUpperInvariant();
    }
}
