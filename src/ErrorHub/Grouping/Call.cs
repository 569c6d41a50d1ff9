using ErrorHub.Grouping.Frames;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping;

/// <summary>Whether a frame can say what went wrong, and if not, why.</summary>
internal enum Standing : byte
{
    /// <summary>It can.</summary>
    Counts,

    /// <summary>It has neither a name nor a place.</summary>
    Blank,

    /// <summary>See <see cref="FrameTraits.Noise"/>.</summary>
    Noise,

    /// <summary>See <see cref="FrameTraits.Plumbing"/>.</summary>
    Plumbing,

    /// <summary>See <see cref="FrameTraits.Guard"/>.</summary>
    Guard,

    /// <summary>A rule of the project leaves it out.</summary>
    LeftOut,
}

/// <summary>One frame, read.</summary>
/// <param name="Name">Its name in every build.</param>
/// <param name="Kind">Of which platform.</param>
/// <param name="InApp">Whether it is the app's; null when neither the SDK nor the rules say.</param>
/// <param name="Standing">Whether it counts.</param>
/// <param name="RuleLine">Line of the project's rule that has judged it; 0 for none.</param>
internal readonly record struct Call(FrameName Name, FrameKind Kind, bool? InApp, Standing Standing, int RuleLine = 0);
