using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Similarity;

/// <summary>
/// The stack of a fault for comparison: its frames as numbers, crash site first. All frames are in it, those of libraries and of the
/// runtime too, since rarity tells how much each says (docs/grouping.md); a name is a hash of 32 bits, alike in every build and process.
/// </summary>
public sealed class StackPath
{
    /// <summary>Frames kept. What called the hundredth says nothing of the fault.</summary>
    public const int MaxFrames = 100;

    private readonly int[] _frames;

    /// <summary>A path of these frames, crash site first; of more than <see cref="MaxFrames"/> the first.</summary>
    public StackPath(ReadOnlySpan<int> frames) => _frames = frames[..Math.Min(frames.Length, MaxFrames)].ToArray();

    /// <summary>Frames, crash site first.</summary>
    public ReadOnlySpan<int> Frames => _frames;

    /// <summary>The path of a normalised event; null when it has no stack.</summary>
    public static StackPath? Of(SentryEvent e)
    {
        // Of a group of faults the first speaks for all, as its title does.
        if (Identity.Of(e, RuleMarks.None).Faults is not [var fault, ..] || (fault.Stack ?? Nameless(e)) is not { } stack)
            return null;

        List<int> frames = new(MaxFrames);
        foreach (var call in stack.Calls)
        {
            var frame = NumberOf(call.Name.ToString());
            // A function that called itself is one step, however deep it went.
            if (frames.Count == 0 || frames[^1] != frame)
                frames.Add(frame);

            // The last is the type.
            if (frames.Count == MaxFrames - 1)
                break;
        }

        if (fault.Type is { } type)
            frames.Add(NumberOf($"type {type}"));

        return new StackPath(CollectionsMarshal.AsSpan(frames));
    }

    // Says little, but what else has nothing but addresses is more like it than all the rest.
    private static CallStack? Nameless(SentryEvent e) =>
        e.Exceptions.Find(x => x.StackTrace is { Frames.Count: > 0 }) is { } thrown ? CallStack.Read(thrown.StackTrace!, e.Platform, thrown.Type, RuleMarks.None) : null;

    /// <summary>As stored: four bytes a frame, little-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_frames.Length * sizeof(int)];
        for (var i = 0; i < _frames.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), _frames[i]);

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> made.</summary>
    public static StackPath FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<int> frames = stackalloc int[Math.Min(bytes.Length / sizeof(int), MaxFrames)];
        for (var i = 0; i < frames.Length; i++)
            frames[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);

        return new StackPath(frames);
    }

    private static int NumberOf(string name) => BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
