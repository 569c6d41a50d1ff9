using System.Text;
using ErrorHub.Demo;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Demo;

/// <summary>The made-up apps are data that no compiler reads; this does.</summary>
public sealed class DemoAppTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. DemoApp.LoadAll().Select(app => app.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Frames_EachOfThem_NamesExactlyOneLineOfItsFile(string name)
    {
        var app = AppOf(name);

        Assert.All(app.Frames.Values, frame =>
        {
            var parts = frame.Split('|', StringSplitOptions.TrimEntries);
            Assert.Single(app.Sources[parts[0]], line => line.Contains(parts[1], StringComparison.Ordinal));
        });
        var used = app.Faults.SelectMany(f => f.Stack.Concat(f.Cause?.Stack ?? [])).ToHashSet();
        Assert.Empty(app.Frames.Keys.Except(used));
        Assert.Empty(app.Libraries.Keys.Select(library => "@" + library).Except(used));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Faults_EachOfThem_IsAnIssueOfItsOwn(string name)
    {
        var app = AppOf(name);
        var project = NewProject(app);

        var hashes = app.Faults.Select(fault => Enumerable.Range(0, 20)
            .Select(_ => Grouper.GroupingOf(Normalised(project.EventOf(fault, Now))).Hash.ToString()).Distinct().ToList()).ToList();

        Assert.All(hashes, hash => Assert.Single(hash));
        Assert.Equal(app.Faults.Count, hashes.Select(hash => hash[0]).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EventOf_EveryFault_LeavesNoNameUnfilledAndIsRead(string name)
    {
        var app = AppOf(name);
        var project = NewProject(app);

        Assert.All(app.Faults, fault =>
        {
            var json = JsonOf(Normalised(project.EventOf(fault, Now)));
            var vars = app.Vars.Keys.Concat(fault.Vars.Keys).Append("hex8");
            // The route itself, such as /v1/payments/{id}, is no text to fill in.
            var text = json.Replace(fault.Transaction ?? "\0", "", StringComparison.Ordinal);
            Assert.All(vars, v => Assert.DoesNotContain($"{{{v}}}", WithoutSource(text), StringComparison.Ordinal));
            Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var read));
            Assert.Empty(read.Errors);
        });
    }

    [Fact]
    public void EventOf_SameSeed_MakesTheSameEvents()
    {
        var app = DemoApp.LoadAll()[0];
        var (one, two) = (NewProject(app), NewProject(app));

        Assert.All(app.Faults, fault => Assert.Equal(JsonOf(one.EventOf(fault, Now)), JsonOf(two.EventOf(fault, Now))));
    }

    [Fact]
    public void TimesOf_PhaseOfAWeek_LiesInItAndFollowsDayAndWeek()
    {
        var phase = new DemoPhase(14, 0, 1_000);

        var times = DemoRhythm.TimesOf(phase, new DemoTime(Now, 1), new Random(1)).ToList();

        Assert.InRange(times.Count, 13_000, 15_000);
        Assert.All(times, at => Assert.InRange(at, Now.AddDays(-14), Now));
        Assert.True(times.Count(at => at.Hour is >= 10 and < 20) > 3 * times.Count(at => at.Hour is < 6));
        Assert.True(times.Count(at => at.DayOfWeek == DayOfWeek.Tuesday) > 1.5 * times.Count(at => at.DayOfWeek == DayOfWeek.Sunday));
    }

    [Fact]
    public void TimesOf_NightlyJob_OnlyInItsHour()
    {
        var times = DemoRhythm.TimesOf(new DemoPhase(10, 0, 20, Hour: 2), new DemoTime(Now, 1), new Random(1)).ToList();

        Assert.InRange(times.Count, 150, 250);
        Assert.All(times, at => Assert.Equal(2, at.Hour));
    }

    private static DemoApp AppOf(string name) => DemoApp.LoadAll().Single(app => app.Name == name);

    private static DemoProject NewProject(DemoApp app) => new(1, app, new DemoTime(Now, 1), new Random(7));

    private static SentryEvent Normalised(SentryEvent e)
    {
        EventNormalizer.Apply(e, new NormalizationContext(Now, Now, null, null, null));
        return e;
    }

    private static string JsonOf(SentryEvent e)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string WithoutSource(string json)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        foreach (var frame in e.Exceptions.SelectMany(x => x.StackTrace?.Frames ?? []))
            (frame.PreContext, frame.ContextLine, frame.PostContext) = ([], null, []);

        return JsonOf(e);
    }
}
