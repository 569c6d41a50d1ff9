using System.Security.Cryptography;
using System.Text;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Storage.Tests;

internal static class TestEvents
{
    /// <summary>An event of a fault; equal fault names group together.</summary>
    public static ProcessedEvent Of(long project, string fault, DateTimeOffset? receivedAt = null, string? user = null) => new()
    {
        Id = Guid.CreateVersion7(),
        ProjectId = project,
        EventId = SentryId.NewId(),
        ReceivedAt = receivedAt ?? TestDatabase.Now,
        Timestamp = (receivedAt ?? TestDatabase.Now).AddSeconds(-1),
        RetentionDays = 90,
        Grouping = new GroupingResult(new IssueHash(HashOf(fault), 1), "app", [$"type: {fault}", "frame: pay in shop.cart"]),
        Heading = new EventHeading(fault, "no stock", $"{fault}: no stock", "pay in shop.cart", "shop/cart.py", "pay"),
        Level = SentryLevel.Error,
        Platform = "python",
        Category = "error",
        Logger = "shop",
        Environment = "production",
        Release = "shop@1.0.0",
        UserHash = user is null ? null : HashOf(user),
        TraceId = "0123456789abcdef0123456789abcdef",
        Handled = false,
        Tags = [new("level", "error"), new("environment", "production"), new("fault", fault)],
        Body = PayloadCodec.Compress("""{"platform":"python"}"""u8),
        Codec = PayloadCodec.Kind,
        BodyBytes = 21,
    };

    /// <summary>An event whose columns are those of its body: a fault, reached by a path through the app.</summary>
    public static ProcessedEvent WithBody(
        long project, string fault, DateTimeOffset receivedAt, string? user = null, string environment = "production", string caller = "main",
        string release = "shop@1.0.0")
    {
        var json = Encoding.UTF8.GetBytes($$$"""
            {"platform":"python","level":"error","environment":"{{{environment}}}","release":"{{{release}}}","tags":{"fault":"{{{fault}}}"},
             "exception":{"values":[{"type":"{{{fault}}}","value":"no stock","stacktrace":{"frames":[
               {"module":"shop.app","function":"{{{caller}}}","in_app":true},{"module":"shop.cart","function":"pay","filename":"shop/cart.py","in_app":true}]}}]}}
            """);
        Assert.True(EventJson.TryParse(json, out var e));
        return Of(project, fault, receivedAt, user) with
        {
            Grouping = Grouper.GroupingOf(e),
            Heading = EventHeading.Of(e),
            Logger = e.Logger,
            Handled = e.Handled,
            Environment = environment,
            Release = release,
            Tags = DerivedTags.Of(e),
            Body = PayloadCodec.Compress(json),
            BodyBytes = json.Length,
        };
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
}
