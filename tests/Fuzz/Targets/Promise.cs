using System.Text;

namespace ErrorHub.Fuzz.Targets;

/// <summary>What a target holds the product to.</summary>
internal static class Promise
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="PromiseBrokenException">It does not hold.</exception>
    internal static void Holds(bool condition, string promise)
    {
        if (!condition)
            throw new PromiseBrokenException(promise);
    }

    /// <summary>A text that both databases take: not longer than its column, no half of a surrogate pair, no U+0000.</summary>
    internal static void IsStorable(string? text, int maxLength, string name)
    {
        if (text is null)
            return;

        Holds(text.Length <= maxLength, $"{name} has at most {maxLength} characters");
        Holds(!text.Contains('\0', StringComparison.Ordinal), $"{name} is without U+0000");
        Holds(IsWellFormed(text), $"{name} is without half a character");
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            return Strict.GetByteCount(text) >= text.Length;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}

/// <summary>A finding: the input shows that a promise is not kept.</summary>
internal sealed class PromiseBrokenException(string promise) : Exception("Broken promise: " + promise);
