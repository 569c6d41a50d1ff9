using System.Globalization;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>One table of events: a day of one retention class.</summary>
/// <param name="RetentionDays">The class.</param>
/// <param name="Day">The UTC day of receipt.</param>
internal readonly record struct EventPartition(short RetentionDays, DateOnly Day)
{
    /// <summary>Name of the class's table, the parent of its days: <c>events_r90</c>.</summary>
    public string ClassTable => string.Create(CultureInfo.InvariantCulture, $"events_r{RetentionDays}");

    /// <summary>Name of the table: <c>events_r90_20261125</c>.</summary>
    public string Table => string.Create(CultureInfo.InvariantCulture, $"events_r{RetentionDays}_{Day:yyyyMMdd}");

    /// <summary>Start of the day.</summary>
    public DateTimeOffset From => new(Day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Start of the next day.</summary>
    public DateTimeOffset To => From.AddDays(1);

    public static EventPartition Of(short retentionDays, DateTimeOffset receivedAt) =>
        new(retentionDays, DateOnly.FromDateTime(receivedAt.UtcDateTime));

    /// <summary>Reads a name; false for any other table.</summary>
    public static bool TryParse(string table, out EventPartition partition)
    {
        var parts = table.Split('_');
        if (parts is ["events", ['r', .. var days], var day]
            && short.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var retentionDays)
            && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            partition = new EventPartition(retentionDays, date);
            return true;
        }

        partition = default;
        return false;
    }
}
