using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// Account numbers in text about banks. An account alone is most often the app's own, so a word of banking must stand somewhere.
/// </summary>
internal sealed class BankAccounts() : NearKeyword("routing", "aba", "account", "acct", "sort code", "kontonummer", "konto")
{
    private static readonly SearchValues<string> Banking =
        SearchValues.Create(["routing", "aba ", "sort code", "bank", "konto"], StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "bankaccount";

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (text.ContainsAny(Banking))
            base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        const int MaxLength = 17;
        var end = at;
        while (end < text.Length && end - at <= MaxLength && (char.IsAsciiDigit(text[end]) || (text[end] == '-' && char.IsAsciiDigit(At(text, end + 1)))))
            end++;

        return end - at is >= 6 and <= MaxLength && !char.IsLetter(At(text, end)) ? end : -1;
    }
}
