namespace ErrorHub.Stacks;

/// <summary>What the rule files say of a frame.</summary>
[Flags]
public enum FrameTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Not the app's own code.</summary>
    Library = 1,

    /// <summary>How a program dies, starts or calls itself back, not why: counts for nothing unless the SDK says it is the app's.</summary>
    Noise = 2,

    /// <summary>Put between two functions by a compiler, a polyfill or an SDK: counts for nothing, whatever the SDK says.</summary>
    Plumbing = 4,

    /// <summary>Throws on behalf of its caller: at the top of a stack it counts for nothing.</summary>
    Guard = 8,
}
