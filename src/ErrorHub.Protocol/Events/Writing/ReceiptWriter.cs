using System.Text.Json;

namespace ErrorHub.Protocol.Events.Writing;

/// <summary>Writes what scrubbing took out of an event, under the one key that is ErrorHub's own.</summary>
internal static class ReceiptWriter
{
    internal static void Write(Utf8JsonWriter writer, ScrubbingReceipt? receipt)
    {
        if (receipt is null)
            return;

        writer.WriteStartObject("errorhub");
        writer.Text("policy", receipt.Policy);
        if (receipt.Removals.Count > 0)
        {
            writer.WriteStartArray("scrubbed");
            for (var i = 0; i < receipt.Removals.Count; i++)
            {
                var removal = receipt.Removals[i];
                writer.WriteStartObject();
                writer.Text("path", removal.Path);
                writer.Text("rule", removal.Rule);
                writer.Text("action", removal.Action);
                writer.WriteNumber("count", removal.Count);
                writer.Text("length", removal.Length);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (receipt.More > 0)
            writer.WriteNumber("more", receipt.More);

        writer.WriteEndObject();
    }
}
