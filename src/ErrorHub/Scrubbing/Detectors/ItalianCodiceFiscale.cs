namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Italian codice fiscale near its name. Its shape says enough, so a mistyped one is removed, too.</summary>
internal sealed class ItalianCodiceFiscale() : NearKeyword("codice fiscale", "cod. fiscale", "cod fiscale", "codicefiscale")
{
    internal override string Rule => "codicefiscale";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> code = stackalloc char[16];
        return Digits.ReadAlphanumeric(text, at, code) is > 0 and var end && Digits.HasShape(code, "AAAAAA**A**A***A") ? end : -1;
    }
}
