using System.Text.Json;
using ErrorHub.Privacy;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public class LeakDetectorTests
{
    [Theory]
    [InlineData("checked-number", "ref 9123456789012348 of the ward")]
    [InlineData("checked-number", "ref 9123 4567 8901 2348")]
    [InlineData("random-token", "got Zx9kQ2mT7vLp4RwB8nYc3HsD from upstream")]
    [InlineData("mailbox", "write to anna(at)clinic.example")]
    [InlineData("mailbox", "mail anna@intranet failed")]
    [InlineData("person-name", "no bed for Patient Anna Kowalska")]
    [InlineData("person-name", "customer name: Jean-Luc Picard")]
    [InlineData("person-name", "Frau Müller, Änne")]
    [InlineData("person-date", "patient admitted, b. 1980-02-29")]
    [InlineData("person-date", "geboren 1.2.1980")]
    [InlineData("person-number", "patient no. 12345678")]
    public void Finds_WhatLooksLikeALeak_SaysSo(string rule, string text) =>
        Assert.Equal([rule], LeakDetector.All.Where(d => d.Finds(text)).Select(d => d.Rule));

    [Theory]
    [InlineData("at 1795685514324 ms, order 1795685514324218")]
    [InlineData("build 0000000000000000 and 2222222222222222")]
    [InlineData("commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b and id 7d3e3a0e-5b1c-4a7e-9a54-0f8f5b3e7c11")]
    [InlineData("AbstractSingletonProxyFactoryBeanV2Impl of com.example.shop.CheckoutServiceImpl")]
    [InlineData("react-dom@18.2.0 and @angular/core")]
    [InlineData("the patient list is empty; Customer Service is closed for customers")]
    [InlineData("released on 2026-11-25, customer orders follow; see 2026-11-26")]
    [InlineData("[email] of [person-name] with [Filtered]")]
    [InlineData("HTTP 503 from 10 of 12 hosts")]
    public void Finds_WhatAppsWrite_SaysNothing(string text) => Assert.Empty(LeakDetector.All.Where(d => d.Finds(text)).Select(d => d.Rule));

    [Fact]
    public void All_Patterns_CanBeProposedAsRules()
    {
        var settings = new ScrubbingSettings { Rules = [.. LeakDetector.All.Where(d => d.IsRule).Select(d => new OwnRule(d.Rule, d.Pattern))] };
        Assert.Empty(ScrubbingPolicy.Check(settings));
    }

    [Fact]
    public void Scan_AnEvent_NamesPlacesAndPassesOverCodeAndWhatIsOurs()
    {
        using var e = JsonDocument.Parse("""
            {
              "event_id": "Zx9kQ2mT7vLp4RwB8nYc3HsD", "sdk": {"name": "patient Anna Kowalska"}, "errorhub": {"scrubbed": [{"path": "patient Anna Kowalska"}]},
              "tags": [["customer", "Frau Anna Kowalska"], ["release", "patient Anna Kowalska"]],
              "exception": {"values": [{"value": "x"}, {"value": "patient Anna Kowalska", "stacktrace": {"frames": [{"function": "patient Anna Kowalska", "vars": {"ref": 9123456789012348}}]}}]},
              "extra": {"list": [1, {"note": "patient Anna Kowalska"}]}
            }
            """);

        Assert.Equal(
            [
                ("checked-number", "exception.values[*].stacktrace.frames[*].vars.ref"),
                ("person-name", "exception.values[*].value"),
                ("person-name", "extra.list[*].note"),
                ("person-name", "tags.customer"),
            ],
            LeakScanner.Scan(e.RootElement, ScrubbingPolicy.Strict).Order());
    }

    [Theory]
    [InlineData("extra.customer.note", "note")]
    [InlineData("tags.customer", "customer")]
    [InlineData("exception.values[*].stacktrace.frames[*].vars.ref", "ref")]
    [InlineData("request.data.items[*].memo", "memo")]
    [InlineData("request.data", null)]
    [InlineData("exception.values[*].value", null)]
    [InlineData("logentry.formatted", null)]
    [InlineData("breadcrumbs.values[*].message", null)]
    [InlineData("extra.a", null)]
    public void KeyOf_APath_IsTheNameThatTheAppGave(string path, string? key) => Assert.Equal(key, GetProposalHandler.KeyOf(path));
}
