using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ErrorHub.Protocol.Events.Reading;
using ErrorHub.Protocol.Events.Writing;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>The JSON of an event: read from any sender, written as we store it.</summary>
public static class EventJson
{
    /// <summary>
    /// Reads an event. Values of the wrong kind are left out and noted in <see cref="SentryEvent.Errors"/>; false only when the
    /// bytes are no JSON object even after repair. Never throws.
    /// </summary>
    /// <remarks>The result keeps nothing of <paramref name="utf8"/>, which may be a pooled buffer.</remarks>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SentryEvent? e)
    {
        e = null;
        if (!LenientJson.TryParse(utf8, out var document))
            return false;

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;

            e = EventReader.Read(document.RootElement);
            return true;
        }
    }

    /// <summary>Writes normalised JSON with Sentry's names; reading it gives the same event.</summary>
    public static void Write(SentryEvent e, IBufferWriter<byte> output) => EventWriter.Write(e, output);
}
