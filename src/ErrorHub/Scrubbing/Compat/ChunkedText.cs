using System.Security.Cryptography;
using System.Text;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>What was done to a part of a text, or to a whole value that is gone.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Type"><c>s</c> substituted, <c>m</c> masked, <c>p</c> hashed, <c>x</c> removed.</param>
/// <param name="Start">Where in what came out, in characters; null for a value that is gone.</param>
/// <param name="End">Likewise, the end.</param>
internal readonly record struct Remark(string Rule, string Type, int? Start, int? End);

/// <summary>A text on its way through rules: what one took is out of reach of the next.</summary>
internal sealed class ChunkedText
{
    // No text that is stored has it, and no pattern means it.
    private const char Gone = '\0';

    private readonly string _text;
    private readonly List<Chunk> _chunks = [];
    private string? _search;

    /// <param name="text">The text.</param>
    /// <param name="remarks">What was done to it before it came here.</param>
    internal ChunkedText(string text, IReadOnlyList<Remark> remarks)
    {
        var at = 0;
        foreach (var remark in remarks)
        {
            if (remark is not { Start: { } first, End: { } last } || IndexOf(text, first) is not { } start || IndexOf(text, last) is not { } end || start < at || end < start)
                continue;

            AddText(text[at..start]);
            _chunks.Add(new Chunk(text[start..end], remark));
            at = end;
        }

        AddText(text[at..]);
        _text = text;
    }

    /// <summary>How often a rule took something.</summary>
    internal int Changes { get; private set; }

    /// <summary>What is left for rules to read, with a sign where something is gone.</summary>
    internal string Search => _search ??= _chunks.Count == 1 && _chunks[0].Remark is null ? _text : string.Concat(_chunks.Select(c => c.Remark is null ? c.Text : $"{Gone}"));

    /// <summary>Takes the places out.</summary>
    /// <returns>How many characters the longest had; 0 when nothing was taken.</returns>
    internal int Take(List<Range> places, PiiRule rule, byte[] hashKey)
    {
        List<Chunk> chunks = [];
        var (at, place, longest) = (0, 0, 0);
        foreach (var chunk in _chunks)
        {
            var length = chunk.Remark is null ? chunk.Text.Length : 1;
            if (chunk.Remark is not null)
                chunks.Add(chunk);
            else
                longest = Math.Max(longest, Take(chunk.Text, at, places, ref place, rule, hashKey, chunks));

            at += length;
        }

        if (longest > 0)
        {
            _chunks.Clear();
            _chunks.AddRange(chunks);
            (_search, Changes) = (null, Changes + 1);
        }

        return longest;
    }

    /// <summary>Takes all of it, what others took included.</summary>
    internal int TakeAll(PiiRule rule, byte[] hashKey)
    {
        if (_text.Length == 0 || (_chunks.Count == 1 && _chunks[0].Remark is not null))
            return 0;

        _chunks.Clear();
        var taken = Redact(_text, rule, hashKey);
        _chunks.Add(taken);
        (_search, Changes) = (null, taken.Text == _text ? Changes : Changes + 1);
        return taken.Text == _text ? 0 : _text.Length;
    }

    /// <summary>What came out, and what was done.</summary>
    internal (string Text, List<Remark> Remarks) Finish()
    {
        var text = new StringBuilder();
        List<Remark> remarks = [];
        var at = 0;
        foreach (var chunk in _chunks)
        {
            var length = LengthOf(chunk.Text);
            if (chunk.Remark is { } remark)
                remarks.Add(remark with { Start = at, End = at + length });

            text.Append(chunk.Text);
            at += length;
        }

        return (text.ToString(), remarks);
    }

    /// <summary>Characters as people and Rust count them: a pair of surrogates is one.</summary>
    internal static int LengthOf(string text)
    {
        var length = text.Length;
        foreach (var c in text)
            if (char.IsLowSurrogate(c))
                length--;

        return length;
    }

    private static int? IndexOf(string text, int characters)
    {
        if (characters < 0)
            return null;

        var at = 0;
        for (; characters > 0 && at < text.Length; characters--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

        return characters == 0 ? at : null;
    }

    private static int Take(string text, int offset, List<Range> places, ref int place, PiiRule rule, byte[] hashKey, List<Chunk> chunks)
    {
        var (done, longest) = (0, 0);
        for (; place < places.Count; place++)
        {
            var (start, end) = (Math.Max(places[place].Start.Value - offset, done), Math.Min(places[place].End.Value - offset, text.Length));
            if (start >= text.Length)
                break;
            if (start < end)
            {
                var taken = Redact(text[start..end], rule, hashKey);
                // Nothing to truncate is nothing taken.
                if (taken.Text != text[start..end])
                {
                    Add(chunks, text[done..start]);
                    chunks.Add(taken);
                    (done, longest) = (end, Math.Max(longest, end - start));
                }
            }

            // It goes on behind what is gone already.
            if (places[place].End.Value - offset > text.Length)
                break;
        }

        Add(chunks, text[done..]);
        return longest;
    }

    private static void Add(List<Chunk> chunks, string text)
    {
        if (text.Length > 0)
            chunks.Add(new Chunk(text, null));
    }

    private void AddText(string text) => Add(_chunks, text);

    private static Chunk Redact(string text, PiiRule rule, byte[] hashKey)
    {
        var (replacement, type) = rule.Redaction.Method switch
        {
            RedactionMethod.Replace => (rule.Redaction.Text, "s"),
            RedactionMethod.Mask => (new string('*', LengthOf(text)), "m"),
            RedactionMethod.Hash => (Hash(text, hashKey), "p"),
            RedactionMethod.Truncate => (Detectors.TruncatedAddresses.Truncate(text) ?? "[ip]", "m"),
            _ => ("", "x"),
        };
        return new Chunk(replacement, new Remark(rule.Name, type, 0, 0));
    }

    // As Relay does it. Without a key an address can be found by trying all: docs/scrubbing.md.
#pragma warning disable CA5350 // SHA-1 is what the same value must hash to after a move.
    private static string Hash(string text, byte[] key) => Convert.ToHexString(HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    private sealed record Chunk(string Text, Remark? Remark);
}
