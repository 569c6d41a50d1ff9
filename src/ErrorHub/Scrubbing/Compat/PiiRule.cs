namespace ErrorHub.Scrubbing.Compat;

/// <summary>What takes the place of something.</summary>
internal enum RedactionMethod
{
    /// <summary>That of the rule around it; else as <see cref="Remove"/>.</summary>
    Default,

    /// <summary>Nothing.</summary>
    Remove,

    /// <summary>A text.</summary>
    Replace,

    /// <summary>A star for each character.</summary>
    Mask,

    /// <summary>A keyed hash, which is the same for the same.</summary>
    Hash,

    /// <summary>The network of an address. Ours: Relay has no such method.</summary>
    Truncate,
}

/// <summary>A method and its text.</summary>
internal sealed record Redaction(RedactionMethod Method, string Text = TextScrubber.Filtered)
{
    /// <summary>That of the rule around it.</summary>
    internal static Redaction Default { get; } = new(RedactionMethod.Default);
}

/// <summary>A rule as it is applied: what it finds, what it does, and under which name its remarks stand.</summary>
internal abstract record PiiRule(string Name, Redaction Redaction)
{
    /// <summary>Finds parts of texts.</summary>
    internal sealed record Parts(string Name, Redaction Redaction, TextMatcher Matcher) : PiiRule(Name, Redaction);

    /// <summary>Finds values by their key, and texts by what they say; takes the whole value.</summary>
    internal sealed record Whole(string Name, Redaction Redaction, TextMatcher Key, TextMatcher Value) : PiiRule(Name, Redaction);

    /// <summary>Takes everything.</summary>
    internal sealed record Anything(string Name, Redaction Redaction) : PiiRule(Name, Redaction);
}
