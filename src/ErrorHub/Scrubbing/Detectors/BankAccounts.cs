using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>
/// Account numbers in text about banks. An account alone is most often the app's own, so a word of banking must stand somewhere.
/// </summary>
internal sealed class BankAccounts() : NearKeyword("routing", "aba", "account", "acct", "sort code", "kontonummer", "konto")
{
    private static readonly SearchValues<string> Banking =
        SearchValues.Create(["routing n", "routing_n", "routing-n", "routingn", "aba ", "sort code", "bank", "konto"], StringComparison.OrdinalIgnoreCase);

    private static readonly RoutingNumbers Routing = new();

    internal override string Rule => "bankaccount";

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (text.ContainsAny(Banking))
            base.Find(text, found);
        else if (text.Contains("routing", StringComparison.OrdinalIgnoreCase))
            FindBesideRouting(text, found);
    }

    // Queues and shards have a routing, too: only a number that checks makes it one of a bank.
    private void FindBesideRouting(ReadOnlySpan<char> text, List<Finding> found)
    {
        var count = found.Count;
        Routing.Find(text, found);
        if (found.Count > count)
        {
            found.RemoveRange(count, found.Count - count);
            base.Find(text, found);
        }
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        const int MaxLength = 17;
        var end = at;
        while (end < text.Length && end - at <= MaxLength && (char.IsAsciiDigit(text[end]) || (text[end] == '-' && char.IsAsciiDigit(At(text, end + 1)))))
            end++;

        return end - at is >= 6 and <= MaxLength && !char.IsLetter(At(text, end)) ? end : -1;
    }

    /// <summary>Routing numbers of US banks: nine digits, weighted 3, 7 and 1.</summary>
    private sealed class RoutingNumbers() : NearKeyword("routing")
    {
        internal override string Rule => "bankaccount";

        protected override int Read(ReadOnlySpan<char> text, int at)
        {
            Span<char> digits = stackalloc char[9];
            return Digits.Read(text, at, digits) is > 0 and var end && CheckDigits.Weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 ? end : -1;
        }
    }
}
