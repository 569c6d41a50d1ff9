using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Demo;

/// <summary>The project of an app, which sends events as its SDK would.</summary>
internal sealed partial class DemoProject(long id, DemoApp app, DemoTime time, Random random)
{
    // Staging runs a release before customers do.
    private static readonly TimeSpan StagingAhead = TimeSpan.FromHours(20);

    public long Id => id;

    /// <summary>One occurrence of a fault.</summary>
    public SentryEvent EventOf(DemoFault fault, DateTimeOffset at)
    {
        var text = new DemoText(new Dictionary<string, string>([.. app.Vars.Where(v => !fault.Vars.ContainsKey(v.Key)), .. fault.Vars]), random);
        var environment = fault.Environment ?? Any(app.Environments);
        var person = fault.Users > 0 ? (int)(fault.Users * random.NextDouble() * random.NextDouble()) : (int?)null;
        var trace = random.GetHexString(32, lowercase: true);
        var server = Any(app.Servers);
        return new SentryEvent
        {
            EventId = NewId(),
            Timestamp = at,
            Platform = app.Platform,
            Level = fault.Level,
            Logger = fault.Logger,
            Message = fault.Message is { } message ? new SentryMessage { Formatted = text.Fill(message) } : null,
            Exceptions = [.. ExceptionsOf(fault, text)],
            Transaction = fault.Transaction,
            ServerName = server,
            Release = ReleaseAt(environment == "production" ? at : at + StagingAhead),
            Environment = environment,
            Tags = [.. app.Tags.Concat(fault.Tags).Select(t => new KeyValuePair<string, string>(t.Key, text.Fill(t.Value)))],
            User = person is { } number ? DemoPeople.User(number) : null,
            Request = RequestOf(fault, text, person),
            Breadcrumbs = DemoBreadcrumbs.Of(app.Breadcrumbs.Concat(fault.Breadcrumbs), text, at, random),
            Contexts = new(app.Contexts)
            {
                ["trace"] = JsonSerializer.SerializeToElement(
                    new Dictionary<string, string> { ["trace_id"] = trace, ["span_id"] = random.GetHexString(16, lowercase: true) }),
            },
            TraceId = trace,
            Modules = app.Modules,
            Sdk = app.Sdk,
        };
    }

    private IEnumerable<SentryException> ExceptionsOf(DemoFault fault, DemoText text)
    {
        if (fault.Type is null)
            yield break;

        // Cause first, as on the wire.
        if (fault.Cause is { } cause)
        {
            yield return new SentryException
            {
                Type = cause.Type,
                Value = text.Fill(cause.Value),
                StackTrace = DemoStacks.Of(app, cause.Stack),
                Mechanism = new Mechanism { Type = "chained", ExceptionId = 1, ParentId = 0, Source = app.Platform == "csharp" ? "InnerException" : "cause" },
            };
        }

        var stack = DemoStacks.Of(app, fault.Stack);
        DemoStacks.SetLocals(stack, fault.Locals, text);
        yield return new SentryException
        {
            Type = fault.Type,
            Value = text.Fill(fault.Value ?? ""),
            StackTrace = stack,
            Mechanism = new Mechanism { Type = fault.Mechanism ?? app.Mechanism, Handled = fault.Handled, ExceptionId = 0 },
        };
    }

    private SentryRequest? RequestOf(DemoFault fault, DemoText text, int? person)
    {
        if (app.Host is null || fault.Transaction?.Split(' ') is not [var method, var route])
            return null;

        return new SentryRequest
        {
            Method = method,
            // /p/:slug and /v1/payments/{id}: the route's parameters are names of ours.
            Url = app.Host + text.Fill(RouteParameter().Replace(route, "{$1}")),
            QueryString = method == "GET" ? [new("ref", Any(["newsletter", "search", "home"]))] : [],
            Data = method == "POST" ? JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["order"] = text.Fill("{order}") }) : null,
            Headers =
            [
                new("Host", new Uri(app.Host).Host),
                new("User-Agent", person is { } number ? DemoPeople.Browser(number) : "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
                new("Accept", method == "GET" ? "text/html" : "application/json"),
            ],
        };
    }

    private string ReleaseAt(DateTimeOffset at) =>
        app.Releases.Last(r => r == app.Releases[0] || time.DaysAgo(r.Age) <= at).Version;

    private T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private SentryId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new SentryId(new Guid(bytes));
    }

    [GeneratedRegex(@":(\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex RouteParameter();
}
