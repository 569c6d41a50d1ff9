using System.Buffers.Binary;
using System.Numerics;

namespace ErrorHub.Stats;

/// <summary>
/// How many different users, within some 1.6 %, in 4 KiB: a HyperLogLog of 4,096 registers. It takes over where the exact count, a row
/// per user, would become large.
/// </summary>
/// <remarks>
/// The estimate is Ertl's improved raw estimator, which needs no table of corrections and has no bias in the middle range (O. Ertl, New
/// cardinality estimation algorithms for HyperLogLog sketches, arXiv 1702.01284, algorithm 6). Standard error 1.04 / sqrt(4096).
/// </remarks>
public sealed class UserSketch
{
    /// <summary>Users up to which every one has a row and the count is exact.</summary>
    public const int MaxExactUsers = 10_000;

    private const int Precision = 12;
    private const int Registers = 1 << Precision;

    // Bits of the hash that are left to count leading zeros in.
    private const int Rest = 64 - Precision;

    private readonly byte[] _registers;

    private UserSketch(byte[] registers) => _registers = registers;

    /// <summary>A sketch of nobody.</summary>
    public UserSketch()
        : this(new byte[Registers])
    {
    }

    /// <summary>The sketch of these bytes, which it goes on using.</summary>
    /// <exception cref="InvalidDataException">They are not those of a sketch.</exception>
    public static UserSketch Of(byte[] bytes) => bytes.Length == Registers
        ? new UserSketch(bytes)
        : throw new InvalidDataException($"A sketch of users has {bytes.Length} bytes, not {Registers}.");

    /// <summary>The registers, to be stored.</summary>
    public byte[] Bytes => _registers;

    /// <summary>Adds a user; one who was added before changes nothing.</summary>
    /// <param name="userHash">See <see cref="Ingest.ProcessedEvent.UserHash"/>: its bits are random by themselves.</param>
    public void Add(ReadOnlySpan<byte> userHash)
    {
        var hash = BinaryPrimitives.ReadUInt64BigEndian(userHash);
        var register = hash >> Rest;
        // The bit below the rest ends the count when all of it is zero.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        if (rank > _registers[register])
            _registers[register] = rank;
    }

    /// <summary>Adds the users of another sketch.</summary>
    public void Add(UserSketch other)
    {
        for (var register = 0; register < Registers; register++)
            _registers[register] = Math.Max(_registers[register], other._registers[register]);
    }

    /// <summary>The estimate.</summary>
    public long Count()
    {
        Span<int> histogram = stackalloc int[Rest + 2];
        foreach (var rank in _registers)
            histogram[rank]++;

        var z = Registers * Tau(1 - (histogram[Rest + 1] / (double)Registers));
        for (var rank = Rest; rank >= 1; rank--)
            z = 0.5 * (z + histogram[rank]);

        z += Registers * Sigma(histogram[0] / (double)Registers);
        return (long)Math.Round(Registers / (2 * Math.Log(2)) * Registers / z);
    }

    private static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;

        var (y, z, last) = (1.0, x, double.NaN);
        while (z != last)
        {
            x *= x;
            last = z;
            z += x * y;
            y += y;
        }

        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;

        var (y, z, last) = (1.0, 1 - x, double.NaN);
        while (z != last)
        {
            x = Math.Sqrt(x);
            last = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
