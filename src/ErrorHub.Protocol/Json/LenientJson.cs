using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ErrorHub.Protocol.Json;

/// <summary>
/// The one door through which JSON from outside comes in. What it gives out is safe to read: no lone surrogates, no invalid
/// UTF-8, no duplicate names, no U+0000, at most 512 levels deep (protocol.md section 3.4).
/// </summary>
/// <remarks>Clean input costs two vectorised scans and one parse; only what fails them is copied and repaired.</remarks>
internal static class LenientJson
{
    internal const int MaxDepth = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions WithDuplicates = new() { MaxDepth = MaxDepth };

    /// <summary>Parses one JSON value; false when it cannot be made sense of. The caller disposes the document.</summary>
    internal static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document)
    {
        if (!JsonRepair.IsNeeded(utf8.Span) && TryParse(utf8, Strict, out document))
            return true;

        var repaired = JsonRepair.Repair(utf8.Span);
        if (TryParse(repaired, Strict, out document))
            return true;

        if (!TryParse(repaired, WithDuplicates, out var duplicates))
            return false;

        using (duplicates)
            return TryParse(JsonRepair.KeepLastOfDuplicates(duplicates.RootElement), Strict, out document);
    }

    private static bool TryParse(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options, [NotNullWhen(true)] out JsonDocument? document)
    {
        try
        {
            document = JsonDocument.Parse(utf8, options);
            return true;
        }
        catch (JsonException)
        {
            document = null;
            return false;
        }
    }
}
