using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using ErrorHub.Protocol.Envelopes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ErrorHub.Web.Ingest;

/// <summary>A form with files, read from a body whose size is already limited. Field values are text; files are items like those of an envelope.</summary>
/// <param name="Fields">Fields in order.</param>
/// <param name="Files">Files with the name of their field, in order.</param>
internal sealed record MultipartForm(IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<(string Field, EnvelopeItem Item)> Files)
{
    private const int MaxParts = 200;
    private const int MaxFieldBytes = 1024 * 1024;

    /// <summary>Reads it; null when the body is no such form.</summary>
    /// <param name="contentType">The request's content type, which names the boundary.</param>
    /// <param name="body">The body.</param>
    /// <param name="maxFileBytes">Largest file; a larger one is an item without bytes that says so.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<MultipartForm?> ReadAsync(
        string? contentType, ReadOnlyMemory<byte> body, int maxFileBytes, CancellationToken cancellationToken)
    {
        if (!TryReadBoundary(contentType, out var boundary) || !MemoryMarshal.TryGetArray(body, out var bytes))
            return null;

        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        var reader = new MultipartReader(boundary, stream);
        var (fields, files) = (new List<KeyValuePair<string, string>>(), new List<(string, EnvelopeItem)>());
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (fields.Count + files.Count == MaxParts)
                    return null;

                if (section.GetContentDispositionHeader() is not { } disposition)
                    continue;

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (disposition.IsFileDisposition())
                    files.Add((name, await ReadFileAsync(section, disposition, maxFileBytes, cancellationToken)));
                else if (await ReadAsync(section.Body, MaxFieldBytes, cancellationToken) is { } value)
                    fields.Add(new(name, Encoding.UTF8.GetString(value)));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // The last part has no end.
            return null;
        }

        return new MultipartForm(fields, files);
    }

    private static bool TryReadBoundary(string? contentType, [NotNullWhen(true)] out string? boundary)
    {
        boundary = null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.MediaType != "multipart/form-data")
            return false;

        boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= 200;
    }

    private static async Task<EnvelopeItem> ReadFileAsync(
        MultipartSection section, ContentDispositionHeaderValue disposition, int maxBytes, CancellationToken cancellationToken)
    {
        var filename = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
        var header = new ItemHeader { Type = "attachment", Filename = filename.ToString(), ContentType = section.ContentType };
        return await ReadAsync(section.Body, maxBytes, cancellationToken) is { } file
            ? new EnvelopeItem(header, file)
            : new EnvelopeItem(header, ReadOnlyMemory<byte>.Empty) { TooLarge = true };
    }

    /// <summary>A part's bytes; null when there are more than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(Stream part, int maxBytes, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await part.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (copy.Length + read > maxBytes)
                return null;

            copy.Write(buffer, 0, read);
        }

        return copy.ToArray();
    }
}
