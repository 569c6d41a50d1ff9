using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ErrorHub.Scrubbing;

/// <summary>A word without which a detector finds nothing, and which stands where a word begins.</summary>
/// <param name="Text">Three and more characters, the first a letter or a digit.</param>
/// <param name="Comparison">How it is compared.</param>
internal readonly record struct AnchorWord(string Text, StringComparison Comparison);

/// <summary>Tells by the first three characters of a word, with one look into a table, that it is nobody's.</summary>
internal sealed class WordTable
{
    private const int Bits = 12;
    private const ulong ThreeCharacters = 0x0000_FFFF_FFFF_FFFF;

    // The bit that parts upper from lower case in ASCII and Latin-1.
    private const ulong LowerCase = 0x0000_0020_0020_0020;

    private readonly byte[] _slots = new byte[1 << Bits];
    private readonly List<(AnchorWord Word, uint Detector)[]> _lists = [[]];

    /// <summary>Makes one of each detector's words; the detector's place gives its bit.</summary>
    internal WordTable(IReadOnlyList<Detector> detectors)
    {
        var words = detectors.SelectMany((d, i) => d.Words.Select(word => (word, Detector: 1u << i)));
        foreach (var slot in words.GroupBy(w => SlotOf(w.word.Text, 0)))
        {
            _slots[slot.Key] = checked((byte)_lists.Count);
            _lists.Add([.. slot]);
        }
    }

    /// <summary>The bits of those detectors that have a word which begins here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint DetectorsOf(ReadOnlySpan<char> text, int at)
    {
        var list = _slots[SlotOf(text, at)];
        return list == 0 ? 0 : Compare(text[at..], _lists[list]);
    }

    private static uint Compare(ReadOnlySpan<char> text, (AnchorWord Word, uint Detector)[] list)
    {
        var detectors = 0u;
        foreach (var (word, detector) in list)
            if (text.StartsWith(word.Text, word.Comparison))
                detectors |= detector;

        return detectors;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(ReadOnlySpan<char> text, int at)
    {
        var word = 0ul;
        if (at + sizeof(ulong) / sizeof(char) <= text.Length)
            word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at)));
        else
            for (var i = 0; i < text.Length - at; i++)
                word |= (ulong)text[at + i] << (16 * i);

        return (int)(((word & ThreeCharacters | LowerCase) * 0x9E37_79B9_7F4A_7C15) >> (64 - Bits));
    }
}
