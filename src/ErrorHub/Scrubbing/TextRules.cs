using ErrorHub.Scrubbing.Detectors;

namespace ErrorHub.Scrubbing;

/// <summary>Which detectors read a project's texts.</summary>
/// <param name="BuiltIn">A bit for each of those that all projects share.</param>
/// <param name="Own">Those that this project has in addition or instead.</param>
internal sealed record TextRules(uint BuiltIn, IReadOnlyList<Detector> Own)
{
    /// <summary>Those of a project that changed nothing.</summary>
    internal static TextRules Strict { get; } = new(uint.MaxValue, []);

    /// <summary>Those of a project.</summary>
    internal static TextRules Of(ScrubbingSettings settings, KeyNames names)
    {
        var builtIn = uint.MaxValue;
        List<Detector> own = [];
        if (settings.IpAddresses != AddressHandling.Remove)
            builtIn &= ~TextScrubber.BitOf<IpAddresses>();
        if (settings.IpAddresses == AddressHandling.Truncate)
            own.Add(new TruncatedAddresses());
        if (names.HasOwn)
        {
            builtIn &= ~TextScrubber.BitOf<InlineSecrets>();
            own.Add(new InlineSecrets(names));
        }

        own.AddRange(settings.Rules.Select(rule => new OwnPattern(rule)));
        return own.Count == 0 && builtIn == uint.MaxValue ? Strict : new TextRules(builtIn, own);
    }
}
