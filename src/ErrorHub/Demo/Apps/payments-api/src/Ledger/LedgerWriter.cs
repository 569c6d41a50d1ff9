namespace Payments.Ledger;

/// <summary>Double entry: every payment is two rows whose sum is zero.</summary>
internal sealed class LedgerWriter(NpgsqlDataSource database, ILogger<LedgerWriter> logger)
{
    private const string Insert = """
        INSERT INTO ledger (payment_id, account, amount_minor, currency) VALUES ($1, $2, $3, $4), ($1, $5, -$3, $4)
        """;

    public async Task AppendAsync(PaymentId payment, string merchant, Money amount, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.Add(new() { Value = payment.Value });
        command.Parameters.Add(new() { Value = merchant });
        command.Parameters.Add(new() { Value = amount.Minor });
        command.Parameters.Add(new() { Value = amount.Currency });
        command.Parameters.Add(new() { Value = Accounts.Clearing });
        var rows = await command.ExecuteNonQueryAsync(cancellationToken);
        Log.Appended(logger, rows);
    }

    public async Task<Money> BalanceAsync(string merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT sum(amount_minor), currency FROM ledger WHERE account = $1 GROUP BY 2");
        command.Parameters.Add(new() { Value = merchant });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Money(reader.GetInt64(0), reader.GetString(1));
    }
}
