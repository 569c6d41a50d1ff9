using System.Reflection;
using ErrorHub.Grouping;
using ErrorHub.Protocol;
using NetArchTest.Rules;

namespace ErrorHub.Tests.Architecture;

/// <summary>What the compiler cannot check of the dependency rule (architecture.md section 3).</summary>
public sealed class DependencyRuleTests
{
    private static readonly Assembly Core = typeof(Grouper).Assembly;
    private static readonly Assembly Wire = typeof(SentryId).Assembly;

    private static readonly string[] Capabilities =
    [
        "Accounts", "Activity", "Alerts", "Attachments", "Demo", "Events", "Feedback", "Filtering", "Grouping", "Ingest", "Issues", "Normalization", "Projects",
        "RateLimiting", "Releases", "Retention", "Scrubbing", "Search", "Sessions", "SourceMaps", "Stats", "Storage", "Tags", "UseCases",
    ];

    [Theory]
    [InlineData("Grouping")]
    [InlineData("Normalization")]
    [InlineData("Filtering")]
    [InlineData("Scrubbing")]
    public void PureCapability_SeesOnlyTheProtocol(string capability)
    {
        var forbidden = Capabilities.Where(c => c != capability).Select(c => "ErrorHub." + c)
            .Concat(["Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "MediatR", "System.IO", "System.Net.Http"])
            .ToArray();

        AssertNone(Types.InAssembly(Core).That().ResideInNamespace("ErrorHub." + capability).ShouldNot().HaveDependencyOnAny(forbidden));
    }

    [Fact]
    public void Protocol_SeesNothingOfErrorHub_NorAnyFramework()
    {
        var forbidden = Capabilities.Select(c => "ErrorHub." + c)
            .Concat(["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "MediatR"])
            .ToArray();

        AssertNone(Types.InAssembly(Wire).ShouldNot().HaveDependencyOnAny(forbidden));
    }

    [Fact]
    public void Capability_OtherThanAlerts_DoesNotSeeAlerts() =>
        AssertNone(Types.InAssembly(Core).That().DoNotResideInNamespace("ErrorHub.Alerts").ShouldNot().HaveDependencyOnAny("ErrorHub.Alerts"));

    [Fact]
    public void Core_SeesNeitherHttpNorAProvider()
    {
        AssertNone(Types.InAssembly(Core).ShouldNot().HaveDependencyOnAny(
            "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Mvc", "Npgsql", "Microsoft.Data.Sqlite", "Hangfire"));
        Assert.DoesNotContain(Core.GetReferencedAssemblies(), a => a.Name is "Npgsql" or "Microsoft.Data.Sqlite" or "Microsoft.AspNetCore.Http");
    }

    [Fact]
    public void Rule_WithAPlantedBreach_FindsIt()
    {
        // Grouping does see the protocol, so this rule must fail: otherwise the ones above prove nothing.
        var result = Types.InAssembly(Core).That().ResideInNamespace("ErrorHub.Grouping").ShouldNot().HaveDependencyOnAny("ErrorHub.Protocol").GetResult();

        Assert.False(result.IsSuccessful);
    }

    private static void AssertNone(ConditionList rule)
    {
        var result = rule.GetResult();
        Assert.True(result.IsSuccessful, "Breaks the rule: " + string.Join(", ", result.FailingTypeNames ?? []));
    }
}
