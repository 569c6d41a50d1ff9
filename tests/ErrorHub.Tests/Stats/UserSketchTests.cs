using System.Buffers.Binary;
using System.Security.Cryptography;
using ErrorHub.Stats;

namespace ErrorHub.Tests.Stats;

public sealed class UserSketchTests
{
    // Five standard errors: 1.04 / sqrt(4096) is 1.6 %.
    private const double Tolerance = 0.081;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(12_000)]
    [InlineData(20_000)]
    [InlineData(300_000)]
    public void Count_SoManyUsers_IsWithinTheStandardError(int users)
    {
        var sketch = Of(0, users);

        Assert.InRange(sketch.Count(), users * (1 - Tolerance), users * (1 + Tolerance));
    }

    [Fact]
    public void Count_ManySketches_HasNoBias()
    {
        const int users = 12_000;
        var mean = Enumerable.Range(0, 60).Average(i => Of(i * users, users).Count());

        // The mean of 60 errs by 0.2 %; the raw estimator of the first HyperLogLog would be some 1 to 4 % off here.
        Assert.InRange(mean, users * 0.99, users * 1.01);
    }

    [Fact]
    public void Add_TheSameUsersAgain_ChangesNothing()
    {
        var sketch = Of(0, 5_000);
        var before = sketch.Bytes.ToArray();

        for (var i = 0; i < 5_000; i++)
            sketch.Add(HashOf(i));

        Assert.Equal(before, sketch.Bytes);
    }

    [Fact]
    public void Add_AnotherSketch_IsThatOfAllTheirUsers()
    {
        var sketch = Of(0, 6_000);
        sketch.Add(Of(4_000, 6_000));

        Assert.Equal(Of(0, 10_000).Bytes, sketch.Bytes);
    }

    [Fact]
    public void Of_StoredBytes_GoesOnWhereItStopped()
    {
        var sketch = UserSketch.Of(Of(0, 20_000).Bytes.ToArray());

        Assert.Equal(Of(0, 20_000).Count(), sketch.Count());
        Assert.Throws<InvalidDataException>(() => UserSketch.Of(new byte[100]));
    }

    [Fact]
    public void Add_HashesOfZerosAndOnes_FitTheRegisters()
    {
        var sketch = new UserSketch();
        sketch.Add(new byte[16]);
        sketch.Add(Enumerable.Repeat((byte)0xFF, 16).ToArray());

        Assert.InRange(sketch.Count(), 1, 3);
    }

    private static UserSketch Of(int first, int count)
    {
        var sketch = new UserSketch();
        for (var i = first; i < first + count; i++)
            sketch.Add(HashOf(i));

        return sketch;
    }

    private static byte[] HashOf(int user)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, user);
        return SHA256.HashData(bytes)[..16];
    }
}
