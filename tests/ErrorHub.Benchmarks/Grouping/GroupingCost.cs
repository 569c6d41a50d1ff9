using System.Diagnostics;
using System.Text;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Benchmarks.Grouping;

/// <summary>What it costs one core to mark, name and hash the 50 frames of an event, by platform. It needs neither server nor database.</summary>
internal sealed class GroupingCost : IScenario
{
    private const int Frames = 50;
    private const int EventsPerRound = 20_000;

    // Frames as SDKs send them, the crash site last, repeated until there are enough. None says in_app, so that all rules are asked.
    private static readonly (string Platform, string[] Frames)[] Stacks =
    [
        ("csharp",
        [
            """{"module":"Shop.Web.Checkout+<PayAsync>d__14","function":"MoveNext","filename":"Checkout.cs","lineno":§}""",
            """{"module":"System.Runtime.ExceptionServices.ExceptionDispatchInfo","function":"Throw","package":"System.Private.CoreLib, Version=10.0.0.0"}""",
            """{"module":"System.Runtime.CompilerServices.TaskAwaiter","function":"ThrowForNonSuccess","package":"System.Private.CoreLib, Version=10.0.0.0"}""",
            """{"module":"Shop.Orders§+<>c__DisplayClass7_0","function":"<Place>b__1","filename":"Orders.cs","lineno":41}""",
            """{"module":"System.Collections.Generic.Dictionary`2[[System.String, mscorlib],[System.Int32, mscorlib]]","function":"get_Item"}""",
        ]),
        ("java",
        [
            """{"module":"shop.web.Checkout§$$EnhancerBySpringCGLIB$$1a2b3c4d","function":"pay","filename":"Checkout.java","lineno":12}""",
            """{"module":"java.lang.reflect.Method","function":"invoke","filename":"Method.java","lineno":498}""",
            """{"module":"org.springframework.web.servlet.DispatcherServlet","function":"doDispatch","filename":"DispatcherServlet.java","lineno":1039}""",
            """{"module":"shop.orders.Orders$1","function":"lambda$place$§","filename":"Orders.java","lineno":41}""",
        ]),
        ("javascript",
        [
            """{"function":"Object.pay","filename":"https://shop.example/static/main-4e1d2a90b§.chunk.js?v=3","lineno":1,"colno":20411}""",
            """{"function":"async Checkout.place","filename":"app:///src/checkout§.ts","lineno":41,"colno":7}""",
            """{"function":"processTicksAndRejections","filename":"node:internal/process/task_queues","lineno":105}""",
            """{"function":"?","filename":"https://cdn.example/node_modules/react-dom/cjs/react-dom.production.min.js","lineno":1,"colno":9341}""",
        ]),
        ("python",
        [
            """{"function":"pay","module":"shop.web.checkout§","filename":"shop/web/checkout.py","abs_path":"/srv/app/shop/web/checkout.py","lineno":12}""",
            """{"function":"__call__","filename":"django/core/handlers/wsgi.py","abs_path":"/usr/lib/python3/dist-packages/django/core/handlers/wsgi.py"}""",
            """{"function":"<lambda>","filename":"functools.py","abs_path":"/usr/lib/python3.12/functools.py"}""",
        ]),
        ("native",
        [
            """{"function":"shop::Cart<shop::Line<int>, std::allocator<shop::Line<int> > >::pay§(int, char const*) const","package":"/usr/bin/shop"}""",
            """{"function":"std::_Function_handler<void (int), shop::place()::{lambda(int)#2}>::_M_invoke(std::_Any_data const&, int&&)","package":"/usr/bin/shop"}""",
            """{"function":"shop::orders::place::{{closure}}::h0123456789abcdef","package":"/usr/bin/shop"}""",
            """{"package":"/usr/lib/x86_64-linux-gnu/libshop-1.0.so.2","instruction_addr":"0x7f0000001000"}""",
        ]),
        ("go",
        [
            """{"function":"(*Checkout).Pay§.func1","module":"example.org/shop/web","filename":"checkout.go","abs_path":"/src/shop/web/checkout.go","lineno":12}""",
            """{"function":"HandlerFunc.ServeHTTP","module":"net/http","filename":"server.go","abs_path":"/usr/local/go/src/net/http/server.go"}""",
        ]),
    ];

    public string Name => "grouping/cost";

    public bool UsesDatabase => false;

    public Task RunAsync(Bench bench, FigureTable table)
    {
        var context = new NormalizationContext(DateTimeOffset.UnixEpoch, SentAt: null, ClientIp: null, EnvelopeSdk: null, Client: null);
        foreach (var (platform, frames) in Stacks)
        {
            var e = EventOf(platform, frames);
            Measure(e, context);
            Measure(e, context);
            table.Add(new Figure($"group an event of {Frames} frames, {platform}", "", "µs", [.. Enumerable.Range(0, Bench.Rounds).Select(_ => Measure(e, context))], Goal.AtMost(60)));
        }

        return Task.CompletedTask;
    }

    /// <summary>Microseconds an event, on this thread.</summary>
    private static double Measure(SentryEvent e, NormalizationContext context)
    {
        var frames = e.Exceptions[0].StackTrace!.Frames;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < EventsPerRound; i++)
        {
            // As it came from the SDK, or only the first time would have anything to mark.
            foreach (var frame in frames)
                frame.InApp = null;

            EventNormalizer.Apply(e, context);
            Grouper.GroupingOf(e);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / EventsPerRound;
    }

    private static SentryEvent EventOf(string platform, string[] frames)
    {
        var json = string.Join(',', Enumerable.Range(0, Frames).Select(i => frames[(Frames - 1 - i) % frames.Length].Replace("§", $"{i}", StringComparison.Ordinal)));
        return EventJson.TryParse(
            Encoding.UTF8.GetBytes($$$"""{"platform":"{{{platform}}}","exception":[{"type":"Fault","value":"order 7 failed","stacktrace":{"frames":[{{{json}}}]} }]}"""), out var e)
            ? e
            : throw new BenchmarkException("the event of the benchmark is none");
    }
}
