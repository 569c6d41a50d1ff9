using System.Text.Json;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>
/// <c>_meta</c>: beside each value what was done to it, <c>{"extra": {"a": {"": {"rem": [["@ip:replace", "s", 7, 11]], "len": 22}}}}</c>. What
/// a sender writes there of what it did itself stays, but no value that it says was there.
/// </summary>
internal sealed class MetaTree
{
    private const int MaxDepth = 64;
    private const int MaxRemarks = 512;
    private const int MaxWord = 128;

    private readonly SortedDictionary<string, MetaTree> _below = new(StringComparer.Ordinal);
    private List<Remark> _remarks = [];
    private List<string> _errors = [];
    private int? _length;

    /// <summary>What was done to the value.</summary>
    internal IReadOnlyList<Remark> Remarks => _remarks;

    /// <summary>Reads what a sender wrote.</summary>
    internal static MetaTree Read(JsonElement meta) => Read(meta, 0);

    /// <summary>What there is of a key or an item; null for nothing.</summary>
    internal MetaTree? Find(string key) => _below.GetValueOrDefault(key);

    /// <summary>Likewise, made when there is nothing.</summary>
    internal MetaTree Below(string key)
    {
        if (!_below.TryGetValue(key, out var below))
            _below[key] = below = new MetaTree();

        return below;
    }

    /// <summary>Notes what was done to a text.</summary>
    internal void Set(List<Remark> remarks, int length)
    {
        _remarks = remarks;
        _length ??= length;
    }

    /// <summary>Notes that the value is gone, and forgets what was in it.</summary>
    internal void Remove(string rule)
    {
        _below.Clear();
        _remarks = [new Remark(rule, "x", null, null)];
    }

    /// <summary>Takes over what was noted elsewhere.</summary>
    internal void MoveFrom(MetaTree other)
    {
        (_remarks, _length) = (other._remarks, other._length);
        (other._remarks, other._length) = ([], null);
    }

    /// <summary>Writes it; false when there is nothing to write.</summary>
    internal bool Write(Utf8JsonWriter writer, string name)
    {
        if (!HasContent)
            return false;

        writer.WriteStartObject(name);
        if (_remarks.Count + _errors.Count > 0 || _length is not null)
            WriteOwn(writer);

        foreach (var (key, below) in _below)
            below.Write(writer, key);

        writer.WriteEndObject();
        return true;
    }

    private bool HasContent => _remarks.Count + _errors.Count > 0 || _length is not null || _below.Values.Any(b => b.HasContent);

    private void WriteOwn(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("");
        if (_remarks.Count > 0)
        {
            writer.WriteStartArray("rem");
            foreach (var remark in _remarks)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(remark.Rule);
                writer.WriteStringValue(remark.Type);
                if (remark is { Start: { } start, End: { } end })
                {
                    writer.WriteNumberValue(start);
                    writer.WriteNumberValue(end);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        if (_length is { } length)
            writer.WriteNumber("len", length);
        if (_errors.Count > 0)
        {
            writer.WriteStartArray("err");
            _errors.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static MetaTree Read(JsonElement meta, int depth)
    {
        var tree = new MetaTree();
        if (meta.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            return tree;

        foreach (var property in meta.EnumerateObject())
            if (property.Name.Length > 0)
                tree._below[property.Name] = Read(property.Value, depth + 1);
            else if (property.Value.ValueKind == JsonValueKind.Object)
                tree.ReadOwn(property.Value);

        return tree;
    }

    // "val" has the value that was there before, and "err" may quote it.
    private void ReadOwn(JsonElement own)
    {
        if (own.TryGetProperty("len", out var length) && length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out var characters))
            _length = characters;
        if (own.TryGetProperty("err", out var errors) && errors.ValueKind == JsonValueKind.Array)
            _errors = [.. errors.EnumerateArray().Select(e => Word(e.ValueKind == JsonValueKind.Array && e.GetArrayLength() > 0 ? e[0] : e)).OfType<string>().Take(MaxRemarks)];
        if (own.TryGetProperty("rem", out var remarks) && remarks.ValueKind == JsonValueKind.Array)
            _remarks = [.. remarks.EnumerateArray().Take(MaxRemarks).Select(ReadRemark).OfType<Remark>()];
    }

    private static Remark? ReadRemark(JsonElement remark) =>
        remark.ValueKind == JsonValueKind.Array && remark.GetArrayLength() >= 2 && Word(remark[0]) is { } rule && Word(remark[1]) is { } type
            ? remark.GetArrayLength() >= 4 && Number(remark[2]) is { } start && Number(remark[3]) is { } end ? new Remark(rule, type, start, end) : new Remark(rule, type, null, null)
            : null;

    private static string? Word(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxWord } word ? word : null;

    private static int? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
