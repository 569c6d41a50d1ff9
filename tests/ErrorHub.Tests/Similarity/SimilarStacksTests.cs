using ErrorHub.Similarity;

namespace ErrorHub.Tests.Similarity;

/// <summary>Which stacks are alike, and how much.</summary>
public sealed class SimilarStacksTests
{
    private readonly SimilarStacks _stacks = new();

    [Fact]
    public void Find_SameStack_IsOne()
    {
        Add(1, 2, 3, 2);
        Add(7, 8, 9);

        Assert.Equal(new SimilarStack(0, 1), Assert.Single(Find(1, 2, 3, 2)), SameTo(1e-3));
    }

    [Fact]
    public void Find_NothingInCommon_IsNoResult()
    {
        Add(1, 2, 3);

        Assert.Empty(Find(4, 5, 6));
        Assert.Empty(new SimilarStacks().Find(new StackPath([1]), 10));
    }

    [Fact]
    public void Find_EqualNearTheCrash_IsMoreThanEqualAtTheBottom()
    {
        Add(1, 2, 90, 91, 92);
        Add(80, 81, 3, 4, 5);

        Assert.Equal([0, 1], Find(1, 2, 3, 4, 5).Select(s => s.Stack));
    }

    [Fact]
    public void Find_RareFrame_IsMoreThanACommonOne()
    {
        // 50 is on every stack, 1 on two.
        Add(1, 60, 61);
        for (var i = 0; i < 50; i++)
            Add(50, 1_000 + i, 2_000 + i);

        var found = Find(50, 1, 70);

        Assert.Equal(0, found[0].Stack);
        Assert.True(found[0].Similarity > 2 * found[1].Similarity);
    }

    [Fact]
    public void Find_MovedFrames_AreALittleLessAlike()
    {
        Add(9, 1, 2, 3);
        Add(1, 2, 3, 9);

        var found = Find(1, 2, 3, 9);

        Assert.Equal([1, 0], found.Select(s => s.Stack));
        Assert.InRange(found[1].Similarity, 0.5, 0.99);
    }

    [Fact]
    public void Find_Unwanted_IsNoResultAndTakesNoPlace()
    {
        for (var i = 0; i < 200; i++)
            Add(1, 2, 3);

        Add(1, 2, 99);

        Assert.Equal([200], _stacks.Find(new StackPath([1, 2, 3]), 1, stack => stack == 200).Select(s => s.Stack));
    }

    [Fact]
    public void Find_AnyStacks_AreBetweenZeroAndOneAndSymmetric()
    {
        var random = new Random(7);
        List<StackPath> paths = [.. Enumerable.Range(0, 300).Select(_ => new StackPath([.. Enumerable.Range(0, random.Next(1, 120)).Select(_ => random.Next(40))]))];
        foreach (var path in paths)
            _stacks.Add(path);

        foreach (var path in paths)
        {
            Assert.All(_stacks.Find(path, 100), s => Assert.InRange(s.Similarity, 0, 1));
            Assert.Equal(1, _stacks.Find(path, 1)[0].Similarity, 0.02);
        }
    }

    [Fact]
    public void Find_AmongMany_IsTheBestOfAll()
    {
        // Most share a floor of frames, as services on one framework do; the candidates must not be lost among them.
        var random = new Random(3);
        List<StackPath> paths = [];
        for (var i = 0; i < 3_000; i++)
        {
            paths.Add(new StackPath([.. Enumerable.Range(0, 6).Select(_ => 1_000 + random.Next(3_000)), .. Enumerable.Range(0, 30)]));
            _stacks.Add(paths[^1]);
        }

        for (var i = 0; i < 50; i++)
        {
            var path = new StackPath([.. paths[i * 7].Frames[1..6], 5_000 + i, .. Enumerable.Range(0, 30)]);
            Assert.Equal(i * 7, _stacks.Find(path, 1)[0].Stack);
        }
    }

    [Fact]
    public void ToBytes_FromBytes_IsTheSame()
    {
        var path = new StackPath([int.MinValue, -1, 0, 7, int.MaxValue]);

        Assert.Equal(path.Frames, StackPath.FromBytes(path.ToBytes()).Frames);
        Assert.Equal(StackPath.MaxFrames, new StackPath(new int[500]).Frames.Length);
        Assert.Equal(StackPath.MaxFrames, StackPath.FromBytes(new byte[4_000]).Frames.Length);
    }

    private void Add(params int[] frames) => _stacks.Add(new StackPath(frames));

    private IReadOnlyList<SimilarStack> Find(params int[] frames) => _stacks.Find(new StackPath(frames), 10);

    private static Func<SimilarStack, SimilarStack, bool> SameTo(double tolerance) =>
        (a, b) => a.Stack == b.Stack && Math.Abs(a.Similarity - b.Similarity) < tolerance;
}
