namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Numbers of medical records and patients near a keyword.</summary>
internal sealed class MedicalRecordNumbers() : NearKeyword(
    "mrn", "medical record", "patient id", "patient no", "patient number", "patient #", "chart number", "chart no", "health card", "member id",
    "patientennummer", "patienten-nr", "patienten-id", "versichertennummer", "krankenversichertennummer", "numéro de dossier", "n° de dossier médical", "numéro de patient",
    "identifiant patient", "historia clínica", "número de paciente", "prontuário", "prontuario", "número do paciente", "patiëntnummer", "patientnummer", "numer pacjenta", "nr pacjenta")
{
    internal override string Rule => "mrn";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        const int MinDigits = 3;
        const int MaxLength = 20;
        var (end, digits) = (at, 0);
        for (; end < text.Length && end - at <= MaxLength && (char.IsAsciiLetterOrDigit(text[end]) || (text[end] == '-' && char.IsAsciiLetterOrDigit(At(text, end + 1)))); end++)
            digits += char.IsAsciiDigit(text[end]) ? 1 : 0;

        return end - at is >= 4 and <= MaxLength && digits >= MinDigits ? end : -1;
    }
}
