using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>Scrubs the JSON of one event by Relay's rules, and writes what was done beside it (<c>_meta</c>).</summary>
/// <param name="configs">What holds, the first before the second.</param>
/// <param name="run">Notes what goes.</param>
internal sealed class PiiScrubber(IReadOnlyList<PiiConfig> configs, ScrubbingRun run)
{
    private const int MaxRounds = 4;
    private static readonly string[] Identities = ["id", "username", "email"];

    private readonly PiiPath _path = new();
    private readonly List<(string? Key, int Index)> _place = [];
    private readonly List<PiiRule> _rules = [];
    private readonly List<Range> _found = [];
    private MetaTree _meta = new();

    /// <summary>Writes the event without what must go.</summary>
    internal void Write(Utf8JsonWriter writer, JsonElement e)
    {
        _meta = e.TryGetProperty("_meta", out var meta) ? MetaTree.Read(meta) : new MetaTree();
        writer.WriteStartObject();
        foreach (var property in e.EnumerateObject())
            if (property.Name != "_meta")
                WriteProperty(writer, property, EventSchema.Event, _meta);

        _meta.Write(writer, "_meta");
        writer.WriteEndObject();
    }

    private void WriteProperty(Utf8JsonWriter writer, JsonProperty property, PiiField parent, MetaTree? meta)
    {
        writer.WritePropertyName(property.Name);
        var field = FieldOf(parent, property.Name);
        if (field.Reach == PiiReach.Never)
            property.Value.WriteTo(writer);
        else
            WriteBelow(writer, property.Value, field, new PiiStep(property.Name, 0, TypesOf(property.Value, field)), property.Name, (property.Name, 0), meta);
    }

    private void WriteBelow(Utf8JsonWriter writer, JsonElement value, PiiField field, PiiStep step, string? key, (string? Key, int Index) place, MetaTree? meta)
    {
        var before = _path.Enter(step, field.Reach, field.IsWrapping);
        _place.Add(place);
        if (place.Key is { } name)
            run.Enter(name);
        else
            run.Enter(place.Index);

        WriteValue(writer, value, field, key, meta?.Find(place.Key ?? place.Index.ToString(CultureInfo.InvariantCulture)));
        run.Leave();
        _place.RemoveAt(_place.Count - 1);
        _path.Leave(before);
    }

    private void WriteValue(Utf8JsonWriter writer, JsonElement value, PiiField field, string? key, MetaTree? meta)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                WriteText(writer, value.GetString()!, key, meta);
                break;
            case JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.Array when FindRemoving(key) is { } rule:
                WriteGone(writer, rule, value.GetRawText().Length);
                break;
            case JsonValueKind.Object when (field.Types & PiiTypes.User) != 0:
                WriteUser(writer, value, field, meta);
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                    WriteProperty(writer, property, field, meta);

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                WriteArray(writer, value, field, meta);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void WriteArray(Utf8JsonWriter writer, JsonElement array, PiiField field, MetaTree? meta)
    {
        var item = field.Item ?? (field.Fields is null ? Plain(field) : field.Other ?? field);
        // ["password", "x"] is a key with its value wherever it stands; among headers and cookies selectors know the value by that key, too.
        var first = PairKey(array);
        var index = 0;
        writer.WriteStartArray();
        foreach (var value in array.EnumerateArray())
        {
            if (field.IsPairs && PairKey(value) is { } name)
                WritePair(writer, value, Plain(field), name, index, meta);
            else
                WriteBelow(
                    writer, value, item, new PiiStep(null, index, TypesOf(value, item)),
                    first is null ? null : index == 1 ? first : IsKeyItself, (null, index), meta);

            index++;
        }

        writer.WriteEndArray();
    }

    private void WritePair(Utf8JsonWriter writer, JsonElement pair, PiiField field, string name, int index, MetaTree? meta)
    {
        _place.Add((null, index));
        run.Enter(index);
        writer.WriteStartArray();
        pair[0].WriteTo(writer);
        WriteBelow(
            writer, pair[1], field, new PiiStep(name, 0, TypesOf(pair[1], field)), name, (null, 1), meta?.Find(index.ToString(CultureInfo.InvariantCulture)));
        writer.WriteEndArray();
        run.Leave();
        _place.RemoveAt(_place.Count - 1);
    }

    // A hash of an address is none; it counts people as well as an id, where there is no other.
    private void WriteUser(Utf8JsonWriter writer, JsonElement user, PiiField field, MetaTree? meta)
    {
        string? hash = null;
        writer.WriteStartObject();
        foreach (var property in user.EnumerateObject())
        {
            if (property.Name == "id" && property.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (property.Name != "ip_address" || property.Value.ValueKind != JsonValueKind.String)
            {
                WriteProperty(writer, property, field, meta);
                continue;
            }

            var output = new System.Buffers.ArrayBufferWriter<byte>();
            using (var inner = new Utf8JsonWriter(output))
            {
                inner.WriteStartObject();
                WriteProperty(inner, property, field, meta);
                inner.WriteEndObject();
            }

            using var scrubbed = JsonDocument.Parse(output.WrittenMemory);
            var address = scrubbed.RootElement.GetProperty("ip_address");
            if (address.ValueKind == JsonValueKind.String && MetaOf("user", "ip_address") is { } note && note.Remarks.Any(r => r.Type == "p"))
            {
                hash = HasIdentity(user) ? null : address.GetString();
                if (hash is not null)
                    MetaOf("user")!.Below("id").MoveFrom(note);

                writer.WriteNull("ip_address");
            }
            else
            {
                writer.WritePropertyName("ip_address");
                address.WriteTo(writer);
            }
        }

        if (hash is not null)
            writer.WriteString("id", hash);

        writer.WriteEndObject();
    }

    private static bool HasIdentity(JsonElement user) =>
        Identities.Any(name => user.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null);

    private void WriteText(Utf8JsonWriter writer, string text, string? key, MetaTree? meta)
    {
        try
        {
            if (!run.MayRead(text.Length))
            {
                run.Add("time", RemovalAction.Dropped, text.Length);
                writer.WriteStringValue(TextScrubber.Filtered);
                return;
            }

            if (HasNoMeta && text == TextScrubber.Filtered)
            {
                writer.WriteStringValue(text);
                return;
            }

            var chunks = new ChunkedText(text, meta?.Remarks ?? []);
            if (ApplyAll(chunks, key, text) is { } removing)
            {
                WriteGone(writer, removing, text.Length);
                return;
            }

            if (chunks.Changes == 0)
            {
                writer.WriteStringValue(text);
                return;
            }

            if (HasNoMeta)
            {
                writer.WriteStringValue(TextScrubber.Filtered);
                return;
            }

            var (scrubbed, remarks) = chunks.Finish();
            Here().Set(remarks, ChunkedText.LengthOf(text));
            writer.WriteStringValue(scrubbed);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Neither the text nor the exception, whose message may quote it.
            run.Add("failed", RemovalAction.Dropped, text.Length);
            writer.WriteStringValue(TextScrubber.Filtered);
        }
    }

    /// <summary>Applies all rules; gives the one by which the value is to go, or null.</summary>
    /// <remarks>What one takes may leave what another finds, and then they are applied again: a second time must change nothing.</remarks>
    private PiiRule? ApplyAll(ChunkedText chunks, string? key, string text)
    {
        for (var (round, changes) = (0, -1); round < MaxRounds && chunks.Changes > changes; round++)
        {
            changes = chunks.Changes;
            foreach (var config in configs)
            {
                _rules.Clear();
                config.AddRules(_path, _rules);
                foreach (var rule in _rules)
                    if (!Apply(rule, chunks, key, text, config.HashKey))
                        return rule;
            }
        }

        return null;
    }

    /// <summary>Applies a rule; false when the value is to go.</summary>
    private bool Apply(PiiRule rule, ChunkedText chunks, string? key, string text, byte[] hashKey)
    {
        var isWhole = rule switch
        {
            PiiRule.Anything => text.Length > 0,
            PiiRule.Whole whole => !ReferenceEquals(key, IsKeyItself) && !IsNothing(text) && (IsIn(whole.Key, key) || whole.Value.IsIn(chunks.Search)),
            _ => false,
        };
        if (isWhole && rule.Redaction.Method is RedactionMethod.Remove or RedactionMethod.Default)
            return false;

        var longest = 0;
        if (isWhole)
            longest = chunks.TakeAll(rule, hashKey);
        else if (rule is PiiRule.Parts parts)
        {
            _found.Clear();
            parts.Matcher.Find(chunks.Search, _found);
            if (_found.Count > 0)
                longest = chunks.Take(_found, rule, hashKey);
        }

        if (longest > 0)
            run.Add(rule.Name, ActionOf(rule.Redaction.Method), longest);

        return true;
    }

    /// <summary>The first rule that takes a value that is no text; null when it stays.</summary>
    private PiiRule? FindRemoving(string? key)
    {
        foreach (var config in configs)
        {
            _rules.Clear();
            config.AddRules(_path, _rules);
            foreach (var rule in _rules)
                if (rule is PiiRule.Anything || (rule is PiiRule.Whole whole && IsIn(whole.Key, key)))
                    return rule;
        }

        return null;
    }

    private void WriteGone(Utf8JsonWriter writer, PiiRule rule, int length)
    {
        if (!HasNoMeta)
            Here().Remove(rule.Name);

        run.Add(rule.Name, RemovalAction.Removed, length);
        writer.WriteNullValue();
    }

    // _meta has its own words under the empty key, so what stands there has no remarks: it goes whole, since what was taken could not be
    // told from text the next time.
    private bool HasNoMeta => _place.Exists(p => p.Key is { Length: 0 });

    private MetaTree Here()
    {
        var meta = _meta;
        foreach (var (key, index) in _place)
            meta = meta.Below(key ?? index.ToString(CultureInfo.InvariantCulture));

        return meta;
    }

    private MetaTree? MetaOf(params string[] keys) => keys.Aggregate((MetaTree?)_meta, (meta, key) => meta?.Find(key));

    private static PiiField FieldOf(PiiField parent, string name) =>
        parent.Fields is null ? Plain(parent) : parent.Fields.TryGetValue(name, out var field) ? field : parent.Other ?? Plain(parent);

    // What stands in free JSON is reached as it is.
    private static PiiField Plain(PiiField field) => field.Reach == PiiReach.Always ? EventSchema.Free : EventSchema.FreeWhenNamed;

    private static PiiTypes TypesOf(JsonElement value, PiiField field) => value.ValueKind switch
    {
        JsonValueKind.String => field.Types | PiiTypes.String,
        JsonValueKind.Number => field.Types | PiiTypes.Number,
        JsonValueKind.True or JsonValueKind.False => field.Types | PiiTypes.Boolean,
        JsonValueKind.Object => field.Types | PiiTypes.Object,
        JsonValueKind.Array => field.Types | PiiTypes.Array,
        _ => field.Types,
    };

    private static string? PairKey(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.String ? value[0].GetString() : null;

    private static bool IsIn(TextMatcher matcher, string? key) => key is not null && !ReferenceEquals(key, IsKeyItself) && matcher.IsIn(key);

    private static bool IsNothing(string text) => text is "" or "true" or "false" or "null" or "undefined";

    private static string ActionOf(RedactionMethod method) => method switch
    {
        RedactionMethod.Mask or RedactionMethod.Truncate => RemovalAction.Masked,
        RedactionMethod.Hash => RemovalAction.Hashed,
        _ => RemovalAction.Replaced,
    };

    /// <summary>Stands for the key of a text that is a key.</summary>
    private static readonly string IsKeyItself = new('k', 1);
}
