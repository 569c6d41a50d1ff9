using System.Net;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>
/// Makes events of all SDKs alike: one clock, one place for the stack, the sender's address where the SDK asks for it. Defaults
/// and limits were already applied when it was read.
/// </summary>
public static class EventNormalizer
{
    /// <summary>Normalises in place, once: a second time would correct a wrong clock again.</summary>
    public static void Apply(SentryEvent e, NormalizationContext context)
    {
        EventClock.Correct(e, context.ReceivedAt, context.SentAt);
        e.Sdk = CompleteSdk(e.Sdk, context);
        SetClientAddress(e, context.ClientIp);
        StackPlacement.Apply(e);
        InAppFrames.Mark(e);
    }

    private static SentrySdk? CompleteSdk(SentrySdk? sdk, NormalizationContext context)
    {
        if (sdk?.Name is not null)
            return sdk;

        var (name, version) = context switch
        {
            { EnvelopeSdk: { Name: { } n, Version: var v } } => (n, v),
            { Client: { Length: > 0 } client } => SplitClient(client),
            _ => (null, null),
        };
        return name is null ? sdk : (sdk ?? new SentrySdk(null, null)) with { Name = name, Version = sdk?.Version ?? version };
    }

    private static (string Name, string? Version) SplitClient(string client)
    {
        var slash = client.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0 ? (client, null) : (client[..slash], client[(slash + 1)..]);
    }

    /// <summary>
    /// <c>{{auto}}</c> asks for the sender's address. Without any, a server names its client in REMOTE_ADDR, and for a browser
    /// or phone the sender is the user, unless the SDK says not to infer it.
    /// </summary>
    private static void SetClientAddress(SentryEvent e, string? clientIp)
    {
        if (e.User?.IpAddress == "{{auto}}")
        {
            e.User.IpAddress = clientIp;
            return;
        }

        if (e.User?.IpAddress is not null)
            return;

        var address = RemoteAddress(e.Request) ?? (IsUsersOwnDevice(e) && !ForbidsInference(e.Sdk) ? clientIp : null);
        if (address is not null)
            (e.User ??= new SentryUser()).IpAddress = address;
    }

    private static string? RemoteAddress(SentryRequest? request) =>
        request is not null
        && request.Env.TryGetValue("REMOTE_ADDR", out var value)
        && value.ValueKind == System.Text.Json.JsonValueKind.String
        && IPAddress.TryParse(value.GetString(), out var address)
            ? address.ToString()
            : null;

    private static bool IsUsersOwnDevice(SentryEvent e) => e.Platform is "javascript" or "cocoa" or "objc";

    private static bool ForbidsInference(SentrySdk? sdk) =>
        sdk?.Settings is { ValueKind: System.Text.Json.JsonValueKind.Object } settings
        && settings.TryGetProperty("infer_ip", out var infer)
        && infer.ValueKind == System.Text.Json.JsonValueKind.String
        && infer.ValueEquals("never");
}
