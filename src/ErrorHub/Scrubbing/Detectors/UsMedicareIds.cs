namespace ErrorHub.Scrubbing.Detectors;

/// <summary>US Medicare beneficiary ids near their name: <c>1EG4-TE5-MK73</c>.</summary>
internal sealed class UsMedicareIds() : NearKeyword("mbi", "medicare")
{
    internal override string Rule => "mbi";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> number = stackalloc char[11];
        return Digits.ReadAlphanumeric(text, at, number) is > 0 and var end && Digits.HasShape(number, "9A*9A*9AA99") ? end : -1;
    }
}
