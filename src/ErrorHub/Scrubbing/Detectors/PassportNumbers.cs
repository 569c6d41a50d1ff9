namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Passport numbers near their name: six to nine letters and digits, of which three and more are digits.</summary>
internal sealed class PassportNumbers() : NearKeyword(
    "passport", "reisepass", "reisepassnummer", "passeport", "pasaporte", "paspoort", "paspoortnummer", "paszport", "passaporto", "passaporte")
{
    private static readonly string[] Others = ["user", "client", "strategy", "session", "id", "line", "status", "code"];

    internal override string Rule => "passport";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        const int MinDigits = 3;
        const int MaxLength = 9;
        var (end, digits) = (at, 0);
        for (; end < text.Length && end - at <= MaxLength && char.IsAsciiLetterOrDigit(text[end]); end++)
            digits += char.IsAsciiDigit(text[end]) ? 1 : 0;

        return end - at is >= 6 and <= MaxLength && digits >= MinDigits && (digits < end - at || digits == MaxLength || !IsOfOther(text[..at])) ? end : -1;
    }

    // Passport is also a library: "Passport: no user 1048576".
    private static bool IsOfOther(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(" :#=");
        foreach (var word in Others)
            if (before.EndsWith(word, StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }
}
