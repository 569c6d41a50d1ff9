namespace Payments.Payouts;

/// <summary>Pays merchants what the ledger says, every night at 02:00 UTC.</summary>
internal sealed class PayoutJob(MerchantStore merchants, LedgerWriter ledger, SepaClient sepa, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await foreach (var merchant in merchants.DueAsync(day, cancellationToken))
            await PayAsync(merchant, day, cancellationToken);
    }

    private async Task PayAsync(Merchant merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var balance = await ledger.BalanceAsync(merchant.Id, cancellationToken);
        var account = merchant.BankAccounts.Single(a => a.Currency == balance.Currency);
        var share = balance.Minor / merchant.Splits.Sum(s => s.Weight);
        foreach (var split in merchant.Splits)
            await sepa.TransferAsync(account.Iban, share * split.Weight, Reference(merchant, day), cancellationToken);
    }

    private static string Reference(Merchant merchant, DateOnly day) =>
        $"PAYOUT {merchant.Id.Substring(0, 12)} {day:yyyyMMdd}";
}
