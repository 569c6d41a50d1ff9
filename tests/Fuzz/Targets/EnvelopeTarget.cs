using System.Runtime.InteropServices;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Fuzz.Targets;

/// <summary>A decompressed body of the envelope endpoint: split as there, and each item given to the reader that it meets there.</summary>
internal static class EnvelopeTarget
{
    /// <summary>Runs the bytes; false when they are no envelope.</summary>
    internal static bool Run(byte[] body)
    {
        var limits = EnvelopeLimits.Default;
        if (!EnvelopeReader.TryRead(body, limits, out var envelope, out var error))
        {
            Promise.Holds(error.Detail.Length > 0, "a refusal says why");
            return false;
        }

        HoldsForFraming(body, envelope, limits);
        HoldsWhenWrittenAgain(envelope, limits);
        if (Dsn.TryParse(envelope.Header.Dsn, out var dsn))
            Promise.Holds(dsn.ProjectId > 0 && dsn.PublicKey.Length == 32, "a DSN names a key and a project");

        foreach (var item in envelope.Items)
            ItemTargets.Run(item, envelope.Header);

        return true;
    }

    /// <summary>Payloads are slices of the body, one behind the other, within their limits.</summary>
    private static void HoldsForFraming(byte[] body, Envelope envelope, EnvelopeLimits limits)
    {
        Promise.Holds(envelope.Items.Count <= limits.MaxItems, "items are limited in number");
        Promise.Holds(
            envelope.Items.Count(i => i.Header.Type == "attachment" && !i.TooLarge) <= limits.MaxAttachments, "attachments are limited in number");
        var end = 0;
        foreach (var item in envelope.Items)
        {
            Promise.Holds(
                item.TooLarge || item.Header.IsEvent || item.Header.Length is not { } length || length == item.Payload.Length,
                "the length of whatever is no event is believed");
            if (item.Payload.IsEmpty)
                continue;

            Promise.Holds(!item.TooLarge, "what is too large is empty");
            Promise.Holds(
                MemoryMarshal.TryGetArray(item.Payload, out var slice) && ReferenceEquals(slice.Array, body), "a payload is a slice of the body");
            Promise.Holds(slice.Offset > end, "a payload begins after its header, which comes after the payload before");
            end = slice.Offset + slice.Count;
        }
    }

    /// <summary>What was read of the items, written by the book, reads the same.</summary>
    private static void HoldsWhenWrittenAgain(Envelope envelope, EnvelopeLimits limits)
    {
        var items = envelope.Items.Where(i => !i.TooLarge).ToList();
        if (CanonicalEnvelope.Write(items, limits) is not { } canonical)
            return;

        Promise.Holds(EnvelopeReader.TryRead(canonical, limits, out var again, out var error), $"an envelope by the book is read: {error}");
        Promise.Holds(again!.Note is null, "nothing is amiss in an envelope by the book");
        Promise.Holds(again.Items.Count == items.Count, "an envelope by the book has the items it was written with");
        foreach (var (item, other) in items.Zip(again.Items))
            Promise.Holds(
                item.Header.Type == other.Header.Type && item.Payload.Span.SequenceEqual(other.Payload.Span), "an item by the book reads the same");
    }
}
