using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ErrorHub.Scrubbing;

/// <summary>What one pass over a text tells of it, so that only those detectors read it that could find something.</summary>
internal struct TextTraits
{
    private const int Block = 32;

    /// <summary>How many digits it has.</summary>
    internal int Digits;

    /// <summary>How many of <c>@</c>.</summary>
    internal int Ats;

    /// <summary>How many of <c>%</c>.</summary>
    internal int Percents;

    /// <summary>How many of <c>:</c>.</summary>
    internal int Colons;

    /// <summary>How many of <c>=</c>.</summary>
    internal int EqualSigns;

    /// <summary>How many of <c>+</c>.</summary>
    internal int Pluses;

    /// <summary>How many of <c>-</c>.</summary>
    internal int Dashes;

    /// <summary>How many of <c>&lt;</c>.</summary>
    internal int LessThans;

    /// <summary>How many of <c>.</c>.</summary>
    internal int Dots;

    /// <summary>How many of <c>~</c>.</summary>
    internal int Tildes;

    /// <summary>A bit for each detector of which a word stands in the text (<see cref="WordTable"/>).</summary>
    internal uint Words;

    /// <summary>Reads a folded text, 32 characters at a time: of prose it looks at one character in six (benchmark scrub/cost).</summary>
    internal static TextTraits Of(ReadOnlySpan<char> text, WordTable words)
    {
        var traits = default(TextTraits);
        var (wasWord, wasLower) = (0u, 0u);
        var at = 0;
        for (; at + Block <= text.Length; at += Block)
            traits.Add(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at), text, at, ref wasWord, ref wasLower, words);

        if (at < text.Length)
        {
            Span<char> rest = stackalloc char[Block];
            rest.Clear();
            text[at..].CopyTo(rest);
            traits.Add(ref MemoryMarshal.GetReference(rest), text, at, ref wasWord, ref wasLower, words);
        }

        return traits;
    }

    private void Add(ref char block, ReadOnlySpan<char> text, int at, ref uint wasWord, ref uint wasLower, WordTable words)
    {
        // What is no ASCII becomes 255, and so no letter: a word may begin behind it.
        var most = Vector256.Create((ushort)0xFF);
        ref var units = ref Unsafe.As<char, ushort>(ref block);
        var bytes = Vector256.Narrow(Vector256.Min(Vector256.LoadUnsafe(ref units), most), Vector256.Min(Vector256.LoadUnsafe(ref units, Block / 2), most));

        var digits = Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits();
        var letters = Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26)).ExtractMostSignificantBits();
        Digits += BitOperations.PopCount(digits);
        Ats += Count(bytes, '@');
        Percents += Count(bytes, '%');
        Colons += Count(bytes, ':');
        EqualSigns += Count(bytes, '=');
        Pluses += Count(bytes, '+');
        Dashes += Count(bytes, '-');
        Dots += Count(bytes, '.');
        LessThans += Count(bytes, '<');
        Tildes += Count(bytes, '~');

        var inWord = digits | letters;
        var lower = letters & Vector256.GreaterThanOrEqual(bytes, Vector256.Create((byte)'a')).ExtractMostSignificantBits();
        // A word begins behind another character, and as a hump in the middle: "patientBsn".
        var humps = letters & ~lower & ((lower << 1) | wasLower);
        for (var starts = humps | (inWord & ~((inWord << 1) | wasWord)); starts != 0; starts &= starts - 1)
            Words |= words.DetectorsOf(text, at + BitOperations.TrailingZeroCount(starts));

        wasWord = inWord >> (Block - 1);
        wasLower = lower >> (Block - 1);
    }

    private static int Count(Vector256<byte> bytes, char c) =>
        BitOperations.PopCount(Vector256.Equals(bytes, Vector256.Create((byte)c)).ExtractMostSignificantBits());
}
