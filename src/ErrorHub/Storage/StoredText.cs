using System.Buffers;
using ErrorHub.Ingest;
using ErrorHub.Normalization;

namespace ErrorHub.Storage;

/// <summary>
/// Makes event text fit its column. Normalisation trims already; this is the wall before the database, where one character that
/// PostgreSQL refuses (NUL, half a surrogate pair) or one that is too many would fail a whole batch, again at every retry.
/// </summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    // NUL, and the two halves of surrogate pairs (U+D800 to U+DFFF), which are fine only as pairs.
    private static readonly SearchValues<char> Suspicious =
        SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>The text, at most <paramref name="maxLength"/> UTF-16 units long, with U+FFFD for what cannot be stored.</summary>
    public static string Fit(string text, int maxLength)
    {
        if (text.Length > maxLength)
            text = text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

        return text.AsSpan().ContainsAny(Suspicious) ? Repair(text) : text;
    }

    /// <summary>A copy of the event whose columns fit. Its tags are fitted where they are counted.</summary>
    public static ProcessedEvent Fit(ProcessedEvent e) => e with
    {
        Heading = Fit(e.Heading),
        Grouping = e.Grouping with { Variant = FitVariant(e.Grouping.Variant) },
        Platform = FitPlatform(e.Platform),
        Category = Fit(e.Category, 32),
        Logger = FitLogger(e.Logger),
        Environment = Fit(e.Environment, 64),
        Release = Fit(e.Release, 200),
        TraceId = FitOptional(e.TraceId, 32),
    };

    /// <summary>What lists show of an event.</summary>
    public static EventHeading Fit(EventHeading heading) => heading with
    {
        Type = FitOptional(heading.Type, 1_024),
        Value = FitOptional(heading.Value, 1_024),
        Title = Fit(heading.Title, 256),
        Culprit = Fit(heading.Culprit, 200),
        Filename = FitOptional(heading.Filename, 1_024),
        Function = FitOptional(heading.Function, 1_024),
    };

    /// <summary>A platform.</summary>
    public static string FitPlatform(string platform) => Fit(platform, 64);

    /// <summary>A logger; null stays.</summary>
    public static string? FitLogger(string? logger) => FitOptional(logger, 256);

    /// <summary>Which rule of grouping spoke.</summary>
    public static string FitVariant(string variant) => Fit(variant, 32);

    /// <summary>A tag.</summary>
    public static (string Key, string Value) FitTag(string key, string value) => (Fit(key, 200), Fit(value, 200));

    /// <summary>Why events were grouped, one part a line.</summary>
    public static string JoinLines(IReadOnlyList<string> parts) =>
        Fit(string.Join('\n', parts.Select(part => part.ReplaceLineEndings(" "))), 8_192);

    private static string? FitOptional(string? text, int maxLength) => text is null ? null : Fit(text, maxLength);

    private static string Repair(string text) => string.Create(text.Length, text, static (repaired, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            if (char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
            {
                repaired[i] = source[i];
                repaired[++i] = source[i];
            }
            else
            {
                repaired[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? Replacement : source[i];
            }
        }
    });
}
