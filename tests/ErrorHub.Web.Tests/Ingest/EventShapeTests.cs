using System.Net;
using System.Text.Json;
using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Shapes of groups, frames, requests, names and SDKs: rows 76, 78, 83 and 90 to 92 of protocol.md section 12.</summary>
public sealed class EventShapeTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Fact]
    public async Task Event_WithAReceiptOfTheSender_HasOursAlone()
    {
        var receipt = (await _sdk.StoreAsync(
            ""","extra":{"a":"b@c.dd"},"errorhub":{"policy":"mine","scrubbed":[{"path":"x","rule":"y","action":"replaced","count":1,"length":"1-7"}]}""")).Receipt!;

        Assert.StartsWith("strict-", receipt.Policy, StringComparison.Ordinal);
        Assert.Equal([("extra.a", "email")], receipt.Removals.Select(r => (r.Path, r.Rule)));
    }

    [Fact]
    public async Task Row76_ExceptionGroup_IsATreeOfFour()
    {
        var tree = ExceptionTree.Of((await _sdk.StoreRowAsync(Group((3, 1), (2, 0), (1, 0), (0, null)))).Body.Exceptions);

        Assert.Equal([("E0", 0), ("E1", 1), ("E3", 1), ("E2", 1)], tree.Select(n => (n.Exception.Type!, n.Depth)));
    }

    [Fact]
    public async Task Row76_CyclicIds_AreAListInTheOrderSent()
    {
        var list = ExceptionTree.Of((await _sdk.StoreRowAsync(Group((3, 2), (2, 3), (1, 1), (0, null)))).Body.Exceptions);

        Assert.Equal([("E0", 0), ("E1", 0), ("E2", 0), ("E3", 0)], list.Select(n => (n.Exception.Type!, n.Depth)));
    }

    [Fact]
    public async Task Row78_FrameFieldsOfOtherKinds_AreReadOrLeftOut()
    {
        var frames = Assert.Single((await _sdk.StoreRowAsync(
            """
            {"platform":"other","exception":{"type":"E","value":"v","stacktrace":{"frames":[{"function":"f","lineno":"12","colno":3.0,"pre_context":null,"post_context":[null],"vars":["a","b"]},{"function":"g","lineno":-1}]}}}
            """.Trim())).Body.Exceptions).StackTrace!.Frames;

        Assert.Equal((12, 3, (bool?)null), (frames[0].LineNo, frames[0].ColNo, frames[0].InApp));
        Assert.Equal((0, ""), (frames[0].PreContext.Count, string.Concat(frames[0].PostContext)));
        Assert.Equal(["0: a", "1: b"], frames[0].Vars.Select(v => $"{v.Key}: {v.Value}"));
        Assert.Null(frames[1].LineNo);
    }

    [Fact]
    public async Task Row83_RequestFieldsOfOtherKinds_AreNormalised()
    {
        var request = (await _sdk.StoreAsync(
            """,  "request":{"url":null,"headers":{"A":["x","y"],"B":"z"},"cookies":"a=b; c","query_string":"?q=1&r"}""")).Request!;
        var pairs = (await _sdk.StoreAsync(""","request":{"url":"http://h/p?a=b#f","headers":[["A","x"],["A","y"]],"cookies":[["c","d"]]}""")).Request!;

        Assert.Equal([("A", "x,y"), ("B", "z")], request.Headers.Select(h => (h.Key, h.Value)));
        Assert.Equal([("q", "1"), ("r", "")], request.QueryString.Select(q => (q.Key, q.Value)));
        Assert.Equal(("a", "[Filtered]"), (request.Cookies[0].Key, request.Cookies[0].Value));
        Assert.Null(request.Url);
        Assert.Equal(("http://h/p", "f", "a"), (pairs.Url, pairs.Fragment, Assert.Single(pairs.QueryString).Key));
        Assert.Equal(["x", "y"], pairs.Headers.Select(h => h.Value));
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("\"\"", "")]
    [InlineData("\"a/b\"", "")]
    public async Task Row90_Release_IsTextOrLeftOut(string sent, string stored) =>
        Assert.Equal(stored, (await _sdk.StoreRowAsync($$"""{"message":"m","release":{{sent}}}""")).Row.Release);

    [Fact]
    public async Task Row90_LongNames_FitTheirTable()
    {
        var stored = await _sdk.StoreRowAsync(
            $$"""{"message":"m","release":"{{new string('r', 300)}}","environment":"{{new string('e', 100)}}","dist":"x y"}""");

        Assert.InRange(stored.Row.Release.Length, 1, 200);
        Assert.InRange(stored.Row.Environment.Length, 1, 64);
        Assert.Null(stored.Body.Dist);
        Assert.Contains(stored.Body.Errors, e => e.Name == "dist");
    }

    [Fact]
    public async Task Row91_SdkWithASinglePackage_IsStored()
    {
        var sdk = (await _sdk.StoreAsync(""","sdk":{"name":"sentry.cocoa","version":"8","packages":{"name":"cocoapods:sentry","version":"8"},"integrations":null}""")).Sdk!;

        Assert.Equal("sentry.cocoa", sdk.Name);
        Assert.Equal("cocoapods:sentry", Assert.Single(sdk.Packages!.Value.EnumerateArray().ToList()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Row91_EventWithoutSdk_TakesThatOfTheEnvelopeOrTheKey()
    {
        var (fromHeader, fromAuth) = (Sdk.NewId(), Sdk.NewId());

        await _sdk.PostAsync(
            Sdk.Envelope,
            $$$"""{"event_id":"{{{fromHeader}}}","sdk":{"name":"sentry.php","version":"4.0"}}""" + "\n{\"type\":\"event\"}\n" + Sdk.Event(fromHeader), Sdk.Auth);
        await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(fromAuth), Sdk.Auth);

        Assert.Equal("sentry.php", (await _sdk.StoredAsync(fromHeader)).Body.Sdk?.Name);
        Assert.Equal("t", (await _sdk.StoredAsync(fromAuth)).Body.Sdk?.Name);
    }

    [Fact]
    public async Task Row92_DebugImagesOfAnyType_AreStored()
    {
        const string id = "5f4b0e5a-c248-4a9b-afd8-d2ba1a2b11aa";
        var meta = (await _sdk.StoreAsync(
            $$""","debug_meta":{"images":[{"type":"of tomorrow","x":1},{"type":"sourcemap","code_file":"http://h/a.js","debug_id":"{{id}}"}]}""")).Other["debug_meta"];

        var images = meta.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(["of tomorrow", "sourcemap"], images.Select(i => i.GetProperty("type").GetString()));
        Assert.Equal(id, images[1].GetProperty("debug_id").GetString());
    }

    [Fact]
    public async Task Row92_ImagesThatAreNoList_AreLeftOutAndTheEventStored()
    {
        var e = await _sdk.StoreAsync(",\"debug_meta\":{\"images\":\"what\"}");

        Assert.False(e.Other.TryGetValue("debug_meta", out var meta) && meta.TryGetProperty("images", out var images) && images.ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task Row66_GetStore_AnswersAPixelAndStores()
    {
        var (plain, base64) = (Sdk.NewId(), Sdk.NewId());

        foreach (var (id, data) in ((string, string)[])
            [(plain, Sdk.Event(plain)), (base64, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Sdk.Event(base64))))])
        {
            var answer = await _sdk.SendAsync(
                HttpMethod.Get, $"/api/1/store/?sentry_data={Uri.EscapeDataString(data)}&sentry_key={Sdk.Key}&sentry_version=4", null);

            Assert.Equal((HttpStatusCode.OK, "image/gif"), (answer.Status, answer.MediaType));
            Assert.StartsWith("GIF89a", answer.Body, StringComparison.Ordinal);
            await _sdk.StoredAsync(id);
        }
    }

    [Theory]
    [InlineData($"/api/1/store/?sentry_data=%7B%7D", HttpStatusCode.Unauthorized)]
    [InlineData($"/api/1/store/?sentry_key={Sdk.Key}&sentry_version=4", HttpStatusCode.BadRequest)]
    [InlineData($"/api/1/store/?sentry_key={Sdk.Key}&sentry_version=4&sentry_data=what", HttpStatusCode.BadRequest)]
    public async Task Row66_GetStoreWithoutKeyOrEvent_IsRefused(string path, HttpStatusCode status) =>
        (await _sdk.SendAsync(HttpMethod.Get, path, null)).IsRefused(status);

    private static string Group(params (int Id, int? Parent)[] members) => "{\"exception\":[" + string.Join(',', members.Select(m =>
        $$$"""{"type":"E{{{m.Id}}}","value":"v","mechanism":{"type":"chained","exception_id":{{{m.Id}}},"is_exception_group":{{{(m.Id == 0 ? "true" : "false")}}}{{{(m.Parent is { } p ? $",\"parent_id\":{p}" : "")}}}}}""")) + "]}";
}
