using System.Buffers;
using System.Text.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads the names that become rows, URLs and filters: release, dist and environment.</summary>
internal static class NameReader
{
    private const int MaxDist = 64;
    private static readonly SearchValues<char> ReleaseBreakers = SearchValues.Create("\r\n\t\f/\\");
    private static readonly SearchValues<char> EnvironmentBreakers = SearchValues.Create("\r\n\f/");
    private static readonly SearchValues<char> DistCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    internal static string? Release(JsonElement value, ValueReader values) => Checked(
        value, "release", values, values.Name(value, "release", 200), t => t is not ("." or "..") && !t.AsSpan().ContainsAny(ReleaseBreakers));

    internal static string? Environment(JsonElement value, ValueReader values) => Checked(
        value, "environment", values, values.Name(value, "environment", 64),
        t => t != "none" && !t.AsSpan().ContainsAny(EnvironmentBreakers));

    internal static string? Dist(JsonElement value, ValueReader values) => Checked(
        value, "dist", values, values.Name(value, "dist", int.MaxValue / 2),
        t => t.Length <= MaxDist && !t.AsSpan().ContainsAnyExcept(DistCharacters));

    private static string? Checked(JsonElement value, string attribute, ValueReader values, string? text, Func<string, bool> isValid)
    {
        if (text is null || isValid(text))
            return text;

        values.Refuse(attribute, value);
        return null;
    }
}
