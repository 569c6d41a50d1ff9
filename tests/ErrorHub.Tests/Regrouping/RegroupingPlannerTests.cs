using ErrorHub.Regrouping;

namespace ErrorHub.Tests.Regrouping;

/// <summary>What must happen to issues so that their events are grouped by other rules.</summary>
public sealed class RegroupingPlannerTests
{
    private static readonly Guid A = Id(1), B = Id(2), C = Id(3);

    [Fact]
    public void Plan_NothingChanges_IsEmpty()
    {
        var plan = Plan([.. Events("h1", A, null, 3), .. Events("h2", B, null, 2)]);

        Assert.Equal((2, 2), plan.Issues);
        Assert.Empty(plan.NewHashes);
        Assert.Empty(plan.Merges);
        Assert.Empty(plan.Splits);
    }

    [Fact]
    public void Plan_HashGetsAnotherName_IssueStaysItself()
    {
        var plan = Plan(Events("h1", A, "n", 3));

        Assert.Equal((1, 1), plan.Issues);
        Assert.Equal([new NewHash("n", A, null)], plan.NewHashes);
        Assert.Empty(plan.Merges);
    }

    [Fact]
    public void Plan_TwoHashesBecomeOne_TheirIssuesMerge()
    {
        var plan = Plan([.. Events("h1", A, "n", 3), .. Events("h2", B, "n", 2), .. Events("h3", C, null, 1)]);

        Assert.Equal((3, 2), plan.Issues);
        Assert.Equal([A, B], Assert.Single(plan.Merges).Issues);
        Assert.Equal("n", Assert.Single(plan.NewHashes).Hash);
    }

    [Fact]
    public void Plan_NewHashIsKnown_ItsIssueIsMergedWith()
    {
        var plan = Plan(Events("h1", A, "n", 3), ("n", C));

        Assert.Equal((2, 1), plan.Issues);
        Assert.Equal([A, C], Assert.Single(plan.Merges).Issues);
        Assert.Empty(plan.NewHashes);
    }

    [Fact]
    public void Plan_FewerThanHalfOfAHashChange_TheyLeave()
    {
        var plan = Plan([.. Events("h1", A, null, 3), .. Events("h1", A, "n", 2)]);

        Assert.Equal((1, 2), plan.Issues);
        var (part, first, events) = Assert.Single(plan.Splits);
        Assert.Equal((A, "n", 2), (first.IssueId, first.NewHash, events));
        Assert.Equal([new NewHash("n", null, part)], plan.NewHashes);
        Assert.Empty(plan.Merges);
    }

    [Fact]
    public void Plan_MostOfAHashChanges_WhatKeepsItKeepsTheIssue()
    {
        var plan = Plan([.. Events("h1", A, null, 1), .. Events("h1", A, "n", 5), .. Events("h1", A, "m", 2)]);

        Assert.Equal((1, 3), plan.Issues);
        Assert.Equal(["n", "m"], plan.Splits.Select(s => s.First.NewHash));
    }

    [Fact]
    public void Plan_AllOfAHashChangesInTwoWays_TheIssueGoesWithMost()
    {
        var plan = Plan([.. Events("h1", A, "n", 5), .. Events("h1", A, "m", 2)]);

        Assert.Equal((1, 2), plan.Issues);
        Assert.Equal("m", Assert.Single(plan.Splits).First.NewHash);
        Assert.Contains(new NewHash("n", A, null), plan.NewHashes);
    }

    [Fact]
    public void Plan_PartsOfTwoIssuesGoTheSameWay_AreOneNewIssue()
    {
        var plan = Plan([.. Events("h1", A, null, 3), .. Events("h1", A, "n", 2), .. Events("h2", B, null, 3), .. Events("h2", B, "n", 1)]);

        Assert.Equal((2, 3), plan.Issues);
        Assert.Equal(2, plan.Splits.Select(s => s.Part).Distinct().Count());
        var (issues, parts) = Assert.Single(plan.Merges);
        Assert.Empty(issues);
        Assert.Equal(plan.Splits.Select(s => s.Part).Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plan_PartJoinsAWholeIssue_BothStay()
    {
        var plan = Plan([.. Events("h1", A, null, 3), .. Events("h1", A, "n", 2), .. Events("h2", B, "n", 3)]);

        Assert.Equal((2, 2), plan.Issues);
        Assert.Equal([new NewHash("n", B, null)], plan.NewHashes);
        var (issues, parts) = Assert.Single(plan.Merges);
        Assert.Equal([B], issues);
        Assert.Equal([plan.Splits.Single().Part], parts);
    }

    [Fact]
    public void Plan_IssueOfTwoHashesThatPeopleMerged_StaysOne()
    {
        var plan = Plan([.. Events("h1", A, "n", 3), .. Events("h2", A, "m", 2)]);

        Assert.Equal((1, 1), plan.Issues);
        Assert.Equal(["m", "n"], plan.NewHashes.Select(n => n.Hash));
        Assert.All(plan.NewHashes, n => Assert.Equal(A, n.IssueId));
    }

    private static Guid Id(byte n) => new([.. new byte[15], n]);

    private static Regrouped[] Events(string hash, Guid issue, string? newHash, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Regrouped(hash, issue, newHash, $"{hash}-{i}", "title"))];

    private static RegroupingPlanner Plan(IReadOnlyList<Regrouped> events, params (string Hash, Guid Issue)[] known) =>
        RegroupingPlanner.Plan(events, known.ToDictionary(k => k.Hash, k => k.Issue));
}
