namespace ErrorHub.Scrubbing.Detectors;

/// <summary>JSON web tokens, cut ones included: <c>eyJ</c> is the beginning of every JSON object in Base64.</summary>
internal sealed class JsonWebTokens : Detector
{
    private const int MinHeader = 12;
    private const int MinPayload = 4;

    internal override string Rule => "jwt";

    internal override bool LooksAt(TextPlace place) => true;

    internal override IEnumerable<AnchorWord> Words => Exactly("eyJ");

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOf("eyJ");
            if (hit < 0)
                return;

            var start = at + hit;
            var header = EndOfPart(text, start);
            at = header;
            if (char.IsLetterOrDigit(Before(text, start)) || header - start < MinHeader || At(text, header) != '.')
                continue;

            var payload = EndOfPart(text, header + 1);
            // Encrypted with a key that both know, the second part is empty.
            if (payload - header <= MinPayload && !(At(text, header + 1) == '.' && EndOfPart(text, header + 2) - header > MinPayload))
                continue;

            at = payload;
            // Encrypted ones have five parts.
            for (var parts = 2; parts < 5 && At(text, at) == '.'; parts++)
                at = EndOfPart(text, at + 1);

            // What may be disclosed one by one stands behind.
            while (At(text, at) == '~' && EndOfPart(text, at + 1) is var disclosed && disclosed > at + 1)
                at = disclosed;

            found.Add(new Finding(start, at, Replacement));
        }
    }

    private static int EndOfPart(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_' or '='))
            at++;

        return at;
    }
}
