using ErrorHub.Ingest;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Each event once, on each database: rows 52 and 107 of protocol.md section 12.</summary>
public abstract class DuplicateTests(ErrorHubServer server)
{
    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row52_SameIdTwentyTimesAtOnce_StoredOnce()
    {
        var id = Sdk.NewId();
        var envelope = Sdk.EnvelopeOf(id, Sdk.Event(id, ",\"fingerprint\":[\"row 52\"]"));
        var before = await _sdk.CountedAsync(Outcome.Filtered, "duplicate", "error");

        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _sdk.PostAsync(Sdk.Envelope, envelope, Sdk.Auth))))
            answer.IsTaken(id);

        (await _sdk.PostAsync(Sdk.Envelope, envelope, Sdk.Auth)).IsTaken(id);
        var issueId = (await _sdk.StoredAsync(id)).IssueId;
        Assert.Equal(1, await server.QueryAsync(db => db.IssueHours.Where(h => h.ProjectId == 1 && h.IssueId == issueId).SumAsync(h => h.Events, Cancelled)));
        Assert.Equal(before + 20, await _sdk.CountedAsync(Outcome.Filtered, "duplicate", "error"));
    }

    [Fact]
    public async Task Row107_FiftyClientsThousandEvents_AllStored()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Sdk.NewId()).ToArray();

        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (id, _) =>
            (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id, Sdk.Event(id, ",\"fingerprint\":[\"row 107\"]")), Sdk.Auth)).IsTaken(id));

        var stored = await _sdk.StoredAsync(ids[0]);
        var (issueId, hash) = (stored.IssueId, stored.Row.Hash);
        Assert.Equal(1000, await server.QueryAsync(db => db.Events.CountAsync(e => e.ProjectId == 1 && e.Hash == hash, Cancelled)));
        Assert.Equal(1000, await server.QueryAsync(db => db.IssueHours.Where(h => h.ProjectId == 1 && h.IssueId == issueId).SumAsync(h => h.Events, Cancelled)));
    }
}

public sealed class SqliteDuplicateTests(ErrorHubServer server) : DuplicateTests(server), IClassFixture<ErrorHubServer>;

public sealed class PostgreSqlDuplicateTests(PostgreSqlErrorHubServer server) : DuplicateTests(server), IClassFixture<PostgreSqlErrorHubServer>;
