using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Normalization;
using ErrorHub.Tests.Normalization;

namespace ErrorHub.Tests.Grouping;

/// <summary>A project's own rules: what they say of an event, and what is wrong with them.</summary>
public sealed class GroupingRulesTests
{
    private const string Event = """
        {"platform":"python","level":"warning","logger":"shop.db","release":"shop@1.2","tags":{"server":"web-3"},
         "exception":{"values":[
           {"type":"TimeoutError","value":"shard 12 timed out","stacktrace":{"frames":[
             {"function":"main","module":"shop.app","filename":"shop/app.py","in_app":true},
             {"function":"pay","module":"shop.cart","filename":"shop/cart.py","in_app":true},
             {"function":"with_retry","module":"shop.retry","filename":"shop/retry.py","in_app":true}]}},
           {"type":"OrderError","value":"order 7 failed"}]}}
        """;

    [Theory]
    [InlineData("", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("function:with_retry -group", "type: TimeoutError", "frame: pay in shop.cart")]
    [InlineData("function:*RETRY fold", "type: TimeoutError", "frame: pay in shop.cart")]
    [InlineData("module:shop.retry -app", "type: TimeoutError", "frame: pay in shop.cart")]
    [InlineData("path:shop/re* -app", "type: TimeoutError", "frame: pay in shop.cart")]
    [InlineData("app:yes -app\nmodule:shop.app +app", "type: TimeoutError", "frame: main in shop.app")]
    [InlineData("type:TimeoutError function:with_retry -group", "type: TimeoutError", "frame: pay in shop.cart")]
    [InlineData("type:OtherError function:with_retry -group", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("function:with_retry -group\nfunction:with_retry +group", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("type:TimeoutError fold", "type: OrderError", "message: order <number> failed")]
    [InlineData("type:*Error fold", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("type:TimeoutError value:\"*timed out\" -> db-timeout", "fingerprint: db-timeout", "rule: type:TimeoutError value:\"*timed out\" -> db-timeout")]
    [InlineData("tags.server:web-* -> {{ tags.server }}, {{ default }}", "fingerprint: web-3", "type: TimeoutError", "frame: with_retry in shop.retry", "rule: tags.server:web-* -> {{ tags.server }}, {{ default }}")]
    [InlineData("# a comment\n\n!level:error logger:shop.* release:shop@* module:shop.cart -> x", "fingerprint: x", "rule: !level:error logger:shop.* release:shop@* module:shop.cart -> x")]
    [InlineData("message:\"*order 7*\" -> first\ntype:* -> second", "fingerprint: first", "rule: message:\"*order 7*\" -> first")]
    [InlineData("!type:* -> x", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("function:nowhere -> x", "type: TimeoutError", "frame: with_retry in shop.retry")]
    [InlineData("platform:java -> x", "type: TimeoutError", "frame: with_retry in shop.retry")]
    public void GroupingOf_Rules_DoWhatTheySay(string rules, params string[] why) =>
        Assert.Equal(why, Grouper.GroupingOf(Normalized.Event(Event), Read(rules)).Why);

    [Fact]
    public void GroupingOf_Title_IsThatOfTheRule()
    {
        var e = Normalized.Event(Event);

        var grouping = Grouper.GroupingOf(e, Read("""type:TimeoutError -> db title="Database away in {{ transaction }} of {{ tags.server }}" """));

        Assert.Equal("Database away in <no-transaction> of web-3", EventHeading.Of(e, grouping.Title).Title);
    }

    [Fact]
    public void GroupingOf_RulesForOthers_ChangeNoHash()
    {
        var e = Normalized.Event(Event);

        Assert.Equal(Grouper.GroupingOf(e).Hash.ToString(), Grouper.GroupingOf(e, Read("type:NoSuch -> x\nmodule:nowhere.* -app")).Hash.ToString());
    }

    [Fact]
    public void MarkFrames_InApp_IsShownAndTheRestIsNot()
    {
        var e = Normalized.Event(Event);

        Read("module:shop.retry -app\nfunction:pay -group").MarkFrames(e);

        Assert.Equal([true, true, false], e.Exceptions[0].StackTrace!.Frames.Select(f => f.InApp));
    }

    [Fact]
    public void Explain_Rules_AreNamedByTheirLine()
    {
        var parts = Grouper.Explain(Normalized.Event(Event), Read("\nfunction:with_retry -group\ntype:OrderError fold")).Parts;

        var (hints, frames) = (parts.SelectMany(p => p.Parts).Select(p => p.Hint), parts.SelectMany(p => p.Parts).SelectMany(p => p.Parts).Select(p => p.Hint));
        Assert.Contains("folded by line 3 of the project's rules", hints);
        Assert.Contains("left out: line 2 of the project's rules", frames);
    }

    [Theory]
    [InlineData("function:pay", "it does nothing")]
    [InlineData("-app", "it says nothing of which events it is for")]
    [InlineData("type:X -app", "it says what to do with frames and not with which")]
    [InlineData("value:X fold", "it folds frames or exceptions and names neither")]
    [InlineData("-> x", "it says nothing of which events it is for")]
    [InlineData("type:X ->", "a fingerprint has 1 to 20 parts")]
    [InlineData("type:X -> {{ wat }}", "there is no variable 'wat'")]
    [InlineData("type:X -> {{ wat", "a variable is not closed")]
    [InlineData("type:X -> {{ default }}{{ type }}", "{{ default }} is a part of its own")]
    [InlineData("type:X -> x title=\"{{ default }} of {{ type }}\"", "{{ default }} is a part of its own")]
    [InlineData("type:X -> a title=b c", "the title comes last")]
    [InlineData("type:X -> a title=\"\"", "a title has 1 to 256 characters")]
    [InlineData("function:a -group -> x", "'-group' is about frames")]
    [InlineData("function:a -group function:b", "'function:b' stands behind an action")]
    [InlineData("colour:red -> x", "'colour' is nothing to match")]
    [InlineData("type: -> x", "'type:' has no pattern")]
    [InlineData("app:maybe -group", "'app' is yes or no")]
    [InlineData("hello -> x", "'hello' is neither a matcher")]
    [InlineData("value:\"x -> y", "a quotation mark is not closed")]
    public void Read_NoRule_SaysLineAndReason(string line, string reason)
    {
        var rules = GroupingRules.Read($"# fine\ntype:Y -> y\n{line}", out var problems);

        var problem = Assert.Single(problems);
        Assert.Equal(3, problem.Line);
        Assert.StartsWith(reason, problem.Text, StringComparison.Ordinal);
        Assert.Same(GroupingRules.None, rules);
    }

    [Fact]
    public void Read_TooMuch_IsRefused()
    {
        GroupingRules.Read(string.Join('\n', Enumerable.Repeat("type:X -> x", 201)), out var many);
        GroupingRules.Read(new string('#', GroupingRules.MaxText + 1), out var text);
        GroupingRules.Read($"type:{new string('x', 1_000)} -> x", out var line);

        Assert.Equal([201, 1, 1], new[] { many, text, line }.Select(p => p.Single().Line));
    }

    // A pattern of many stars against a text that nearly matches: the time grows with their product at worst, not with its powers.
    [Fact]
    public void GroupingOf_HostilePattern_Ends()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 400));
        var e = Normalized.Event($$"""{"exception":[{"type":"T","value":"{{new string('a', 4_000)}}b"}]}""");

        Assert.Equal("fingerprint: x", Grouper.GroupingOf(e, Read($"value:{pattern}* -> x")).Why[0]);
        Assert.Equal("type: T", Grouper.GroupingOf(e, Read($"value:{pattern} -> x")).Why[0]);
    }

    private static GroupingRules Read(string text)
    {
        var rules = GroupingRules.Read(text, out var problems);
        Assert.Empty(problems);
        return rules;
    }
}
