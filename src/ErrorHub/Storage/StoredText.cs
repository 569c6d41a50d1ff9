using System.Buffers;
using ErrorHub.Ingest;

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
    public static ProcessedEvent Fit(ProcessedEvent e)
    {
        var heading = e.Heading with
        {
            Type = FitOptional(e.Heading.Type, 1_024),
            Value = FitOptional(e.Heading.Value, 1_024),
            Title = Fit(e.Heading.Title, 256),
            Culprit = Fit(e.Heading.Culprit, 200),
            Filename = FitOptional(e.Heading.Filename, 1_024),
            Function = FitOptional(e.Heading.Function, 1_024),
        };
        return e with
        {
            Heading = heading,
            Grouping = e.Grouping with { Variant = Fit(e.Grouping.Variant, 32) },
            Platform = Fit(e.Platform, 64),
            Category = Fit(e.Category, 32),
            Logger = FitOptional(e.Logger, 256),
            Environment = Fit(e.Environment, 64),
            Release = Fit(e.Release, 200),
            TraceId = FitOptional(e.TraceId, 32),
        };
    }

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
