using System.Text;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

/// <summary>Patterns that a project's owner wrote.</summary>
public class OwnRuleTests
{
    [Theory]
    [InlineData("patient-no", @"PAT-\d{6}", "case PAT-123456, pat-1", "case [patient-no], pat-1")]
    [InlineData("person", @"(?i)patient (?<secret>\w+ \w+)", "Patient Anna Schmidt is late", "Patient [person] is late")]
    [InlineData("number", @"\d+", "7 of a@b.cc at 10.1.2.3", "[number] of [email] at [ip]")]
    [InlineData("word", @"\w+", "[email] x", "[email] [word]")]
    [InlineData("all", ".+", "a@b.cc x", "[email]")]
    [InlineData("digits", @"\d{4}", "４７１１", "[digits]")]
    public void Scrub_OwnPattern_TakesWhatItFinds(string name, string pattern, string text, string expected)
    {
        var settings = new ScrubbingSettings { Rules = [new OwnRule(name, pattern)] };
        var e = new SentryEvent { Message = new SentryMessage { Formatted = text } };
        EventScrubber.Scrub(e, ScrubbingPolicy.Of(settings));
        Assert.Equal(expected, e.Message.Text);

        EventScrubber.Scrub(e, ScrubbingPolicy.Of(settings));
        Assert.Equal(expected, e.Message.Text);
    }

    [Fact]
    public void Scrub_OwnPattern_ReachesEveryPlace()
    {
        const string json = """
            {"transaction":"PAT-123456","exception":[{"type":"PAT-123456","value":"PAT-123456","stacktrace":{"frames":[
              {"filename":"/a/PAT-123456","function":"PAT-123456","context_line":"PAT-123456","vars":{"PAT-123456":["PAT-123456"]}}]}}],
             "tags":{"a":"PAT-123456"},"request":{"url":"https://x/PAT-123456","headers":{"A":"PAT-123456"}},"breadcrumbs":[{"message":"PAT-123456"}],"other":{"a":"PAT-123456"}}
            """;
        var policy = ScrubbingPolicy.Of(new ScrubbingSettings { Rules = [new OwnRule("patient-no", @"PAT-\d{6}")] });
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        EventScrubber.Scrub(e, policy);

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        Assert.DoesNotContain("PAT-123456", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.Contains(new Removal("transaction", "patient-no", "replaced", 1, "8-15"), e.Receipt!.Removals);
        Assert.Equal("id [patient-no]", FeedbackScrubber.Scrub(new UserReport { Name = "", Email = "", Comments = "id PAT-123456", Url = "" }, policy).Comments);
        Assert.Equal("id [patient-no]\n", Encoding.UTF8.GetString(AttachmentScrubber.Scrub(Encoding.UTF8.GetBytes("id PAT-123456\n"), "text/plain", policy).Span));
    }

    [Theory]
    [InlineData("", "a", "Write name: pattern. A name has 2 to 32 lower-case letters, digits and dashes, and begins with a letter.")]
    [InlineData("Patient", "a", "Write name: pattern. A name has 2 to 32 lower-case letters, digits and dashes, and begins with a letter.")]
    [InlineData("one", "a", "There is a rule one already.")]
    [InlineData("api-token", "a", "api-token is what secrets are called; choose another name.")]
    [InlineData("two", "", "A pattern has 1 to 2000 characters.")]
    [InlineData("two", "a*", "The pattern finds the empty text, so it would find something everywhere.")]
    [InlineData("two", "(a", "The pattern cannot be read, at character 2: insufficient closing parentheses.")]
    [InlineData("two", @"(\w)\1", "The pattern cannot be matched in linear time: ")]
    [InlineData("two", "(?!a)b", "The pattern cannot be matched in linear time: ")]
    [InlineData("two", "(?:(?:a{900}){900}){900}", "The pattern cannot be ")]
    public void Check_RuleThatCannotBe_SaysWhyInWhichLine(string name, string pattern, string problem)
    {
        var found = Assert.Single(ScrubbingPolicy.Check(new ScrubbingSettings { Rules = [new OwnRule("one", "x"), new OwnRule("", ""), new OwnRule(name, pattern)] }));
        Assert.Equal(("rules", 3), (found.Field, found.Line));
        Assert.StartsWith(problem, found.Text, StringComparison.Ordinal);
    }

    // A pattern that a backtracking matcher does not finish in the life of the universe.
    [Fact]
    public void Scrub_PatternMadeToBeExpensive_Ends()
    {
        var policy = ScrubbingPolicy.Of(new ScrubbingSettings { Rules = [new OwnRule("slow", "(a+)+b")] });
        var e = new SentryEvent { Message = new SentryMessage { Formatted = new string('a', 1_000_000) } };
        EventScrubber.Scrub(e, policy);
        Assert.NotNull(e.Message.Text);
    }

    [Fact]
    public void Scrub_PiecesInAnyOrder_ComesToRest()
    {
        string[] pieces = ["PAT-123456", "[", "]", "[email]", "[patient-no]", "[text 16-31]", "a@b.cc", " ", "password=", "7", "x", "=", ":", "(", "10.1.2.3", "customer: "];
        var policy = ScrubbingPolicy.Of(new ScrubbingSettings
        {
            Rules = [new OwnRule("patient-no", @"PAT-\d{6}"), new OwnRule("digit", @"\d"), new OwnRule("pair", @"(?<secret>\w)\]"), new OwnRule("open", @"\[\W")],
            SensitiveKeys = ["customer", "pair"],
            IpAddresses = AddressHandling.Truncate,
        });
        var random = new Random(20261126);
        for (var round = 0; round < 10_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var once = Scrub(text);
            var twice = Scrub(once);
            Assert.True(once == twice, $"{text}\n{once}\n{twice}");
        }

        string Scrub(string text) => ValueScrubber.Scrub(text, TextPlace.Prose, ScrubbingRun.Begin(TimeSpan.FromSeconds(10), policy));
    }
}
