using System.Globalization;

namespace ErrorHub.Web.Shared;

/// <summary>Numbers as lists show them.</summary>
internal static class Numbers
{
    /// <summary>At most four characters and a unit: <c>987</c>, <c>1.2k</c>, <c>35k</c>, <c>4.1M</c>.</summary>
    public static string Short(long number) => number switch
    {
        < 1_000 => number.ToString(CultureInfo.InvariantCulture),
        < 10_000 => Tenths(number / 1_000.0) + "k",
        < 1_000_000 => (number / 1_000).ToString(CultureInfo.InvariantCulture) + "k",
        < 10_000_000 => Tenths(number / 1_000_000.0) + "M",
        _ => (number / 1_000_000).ToString(CultureInfo.InvariantCulture) + "M",
    };

    /// <summary>With a comma every three digits.</summary>
    public static string Full(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>987 B</c>, <c>1.2 KiB</c>, <c>20 MiB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_024 => bytes.ToString(CultureInfo.InvariantCulture) + " B",
        < 1_024 * 1_024 => Tenths(bytes / 1_024.0) + " KiB",
        _ => Tenths(bytes / (1_024.0 * 1_024)) + " MiB",
    };

    /// <summary><c>1 event</c>, <c>1,204 events</c>.</summary>
    public static string Of(long number, string noun) => Full(number) + " " + noun + (number == 1 ? "" : "s");

    // Cut, not rounded: 9,990 must not read as 10.0k.
    private static string Tenths(double value) => (Math.Floor(value * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture);
}
