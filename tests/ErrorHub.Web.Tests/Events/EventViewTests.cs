using System.Text.Json;
using Bunit;
using ErrorHub.Grouping;
using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Issues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Events;

public sealed class EventViewTests : BunitContext
{
    // Every field a sender can write text into.
    private static readonly string HostileEvent = """
        {
          "message": "H", "logger": "H", "transaction": "H", "server_name": "H", "release": "H", "environment": "H",
          "exception": {"values": [{
            "type": "H", "value": "H", "module": "H", "mechanism": {"type": "H", "description": "H", "source": "H"},
            "stacktrace": {"frames": [{
              "function": "H", "module": "H", "filename": "H", "abs_path": "H", "in_app": true, "lineno": 1,
              "pre_context": ["H"], "context_line": "H", "post_context": ["H"], "vars": {"H": {"H": ["H"]}}
            }]}
          }]},
          "threads": {"values": [{"id": 1, "name": "H", "crashed": true}]},
          "breadcrumbs": [{"timestamp": 1, "type": "H", "category": "H", "message": "H", "data": {"H": "H"}}],
          "request": {
            "url": "H", "method": "H", "query_string": {"H": "H"}, "data": {"H": "H"}, "headers": {"H": "H"}, "cookies": {"H": "H"}, "env": {"H": "H"}
          },
          "user": {"id": "H", "email": "H", "username": "H", "geo": {"H": "H"}, "H": "H"},
          "tags": {"mood": "H"}, "contexts": {"H": {"H": "H"}}, "extra": {"H": ["H"]}, "modules": {"H": "H"},
          "sdk": {"name": "H", "version": "H"}
        }
        """.Replace("\"H\"", JsonSerializer.Serialize(TestIssues.Hostile), StringComparison.Ordinal);

    public EventViewTests() => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestIssues.Now));

    [Fact]
    public void Render_MarkupInEveryField_IsText()
    {
        var view = Show(HostileEvent);

        Assert.Empty(view.FindAll("img, script"));
        Assert.DoesNotContain(view.FindAll("*").SelectMany(e => e.Attributes), a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        foreach (var section in (string[])["exceptions", "breadcrumbs", "request", "user", "tags", "contexts", "extra", "modules", "grouping"])
            Assert.Contains(TestIssues.Hostile, view.Find("#" + section).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_MarkupInEveryField_IsText()
    {
        var view = Render<EventFacts>(p => p.Add(v => v.Details, TestEvents.Details(TestEvents.Read(HostileEvent))));

        Assert.Empty(view.FindAll("img, script"));
        Assert.Contains(TestIssues.Hostile, view.Find(".facts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WhatWasRemoved_IsMarkedAndListed()
    {
        var view = Show("""
            {
              "exception": {"values": [{"type": "E", "value": "no user [email] in [0], [x]"}]}, "extra": {"a": "[Filtered]", "b": " [ip] "},
              "errorhub": {"policy": "strict-2", "more": 2, "scrubbed": [
                {"path": "exception.values.0.value", "rule": "email", "action": "replaced", "count": 3, "length": "8-15"},
                {"path": "extra.a", "rule": "sensitive-key", "action": "removed", "count": 1, "length": "1-7"}]}
            }
            """);

        Assert.Equal(
            [("[email]", "Removed before the event was stored: email"), ("[Filtered]", "Removed before the event was stored: sensitive-key")],
            view.FindAll("mark").Select(m => (m.TextContent, m.GetAttribute("title")!)));
        Assert.Equal("no user [email] in [0], [x]", view.Find(".exception-value").TextContent);
        Assert.Equal(" [ip] ", view.FindAll("#extra .j-text")[1].TextContent);
        Assert.Equal(
            ["exception.values.0.value email replaced, 3 times, 8-15 characters", "extra.a sensitive-key removed, 1-7 characters"],
            view.FindAll("#removed tr").Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("and 2 more", view.Find("#removed").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EventWithNothingInIt_ShowsNoEmptySection()
    {
        Assert.Empty(Show("{}").FindAll(".section"));
    }

    [Fact]
    public void Breadcrumbs_OldestFirstOnTheWire_AreShownNewestFirst()
    {
        var view = Show("""{"breadcrumbs": [{"message": "basket opened"}, {"message": "paid", "level": "warning"}]}""");

        Assert.Equal(["paid", "basket opened"], view.FindAll("[data-testid=breadcrumb] .crumb-text").Select(c => c.TextContent.Trim()));
        Assert.Equal("warning", view.Find("[data-testid=breadcrumb] .crumb-level").TextContent);
    }

    [Fact]
    public void Exceptions_StackOnAnExceptionWithoutName_IsCalledStackTrace()
    {
        var view = Show("""{"message": "queue is full", "exception": [{"stacktrace": {"frames": [{"function": "push"}]}}]}""");

        Assert.Equal("queue is full", view.Find("#message .exception-value").TextContent);
        Assert.Equal("Stack trace", view.Find("#exceptions .exception-type").TextContent);
    }

    [Fact]
    public void Threads_BesideAnExceptionWithItsStack_AreFolded()
    {
        const string threads = "\"threads\": [{\"id\": 1, \"crashed\": true, \"stacktrace\": {\"frames\": [{\"function\": \"run\"}]}}]";

        Assert.False(Show("""{"exception": [{"type": "E", "stacktrace": {"frames": [{"function": "f"}]}}], """ + threads + "}").Find("#threads").HasAttribute("open"));
        Assert.True(Show("{" + threads + "}").Find("#threads").HasAttribute("open"));
    }

    [Fact]
    public void Tags_Value_LeadsToTheProjectsIssuesWithIt()
    {
        var link = Show("""{"tags": {"browser": "Chrome 131"}}""").Find("a.tag");

        Assert.Equal("/issues?project=shop&query=browser%3A%22Chrome%20131%22&period=all&status=all", link.GetAttribute("href"));
    }

    [Fact]
    public void Json_DeepAndLong_IsCut()
    {
        using var json = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat("1", 500))}]");

        var view = Render<JsonView>(p => p.Add(v => v.Value, json.RootElement));

        Assert.Equal("[500]", view.Find("summary").TextContent);
        Assert.Equal(200, view.FindAll("dd").Count);
        Assert.Equal("and 300 more", view.Find("p").TextContent);
    }

    [Fact]
    public void Grouping_OfAnException_SaysWhatCountsAndWhyTheRestDoesNot()
    {
        var view = Show("""
            {"platform": "python", "exception": [{"type": "KeyError", "value": "'b-17'", "stacktrace": {"frames": [
                {"function": "main", "module": "shop.app", "in_app": true}, {"function": "pay", "module": "shop.cart", "in_app": true}]}}]}
            """);

        var parts = view.FindAll("[data-testid=grouping-part]");
        Assert.Contains(parts, p => p.ClassList.Contains("counts") && p.QuerySelector(":scope > code")?.TextContent == "KeyError");
        Assert.Contains(parts, p => p.ClassList.Contains("counts") && p.QuerySelector(":scope > code")?.TextContent.Contains("pay", StringComparison.Ordinal) == true);
        var value = Assert.Single(parts, p => p.QuerySelector(":scope > .part-kind")?.TextContent == "value");
        Assert.False(value.ClassList.Contains("counts"));
        Assert.Equal("the frames say more", value.QuerySelector(":scope > .muted")?.TextContent);
    }

    private IRenderedComponent<EventView> Show(string json)
    {
        var e = TestEvents.Read(json);
        return Render<EventView>(p => p.Add(v => v.Event, e).Add(v => v.Grouping, Grouper.Explain(e)).Add(v => v.ProjectSlug, "shop"));
    }
}
