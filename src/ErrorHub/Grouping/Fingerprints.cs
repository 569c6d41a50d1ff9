using System.Text.RegularExpressions;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>Fingerprints that the app sets (protocol.md section 7.3).</summary>
internal static partial class Fingerprints
{
    internal static bool IsDefault(string part) => VariableOf(part) == "default";

    /// <summary>Whether <c>{{ default }}</c> is in a part.</summary>
    internal static bool HasDefault(string part) => Variables().Matches(part).Any(match => match.Groups[1].Value == "default");

    /// <summary>The first variable of a part that nobody knows; null when there is none.</summary>
    internal static string? UnknownVariable(string part)
    {
        var nothing = new SentryEvent();
        foreach (Match match in Variables().Matches(part))
            if (match.Groups[1].Value is var name && name != "default" && ValueOf(name, nothing) is null)
                return name;

        return null;
    }

    /// <summary>The parts with each variable replaced; <c>{{ default }}</c> stands for the default components.</summary>
    internal static List<Component> Resolve(IReadOnlyList<string> fingerprint, SentryEvent e, List<Component> defaults)
    {
        List<Component> components = [];
        foreach (var part in fingerprint)
            if (IsDefault(part))
                components.AddRange(defaults);
            else
                components.Add(new("fingerprint", Fill(part, e)));

        return components;
    }

    /// <summary>A text with each variable replaced.</summary>
    internal static string Fill(string text, SentryEvent e) => Variables().Replace(text, m => ValueOf(m.Groups[1].Value, e) ?? m.Value);

    /// <summary>Null for a variable nobody knows, which stays as it is.</summary>
    private static string? ValueOf(string variable, SentryEvent e)
    {
        var exception = e.Exceptions.LastOrDefault();
        var frames = exception?.StackTrace?.Frames ?? e.StackTrace?.Frames ?? [];
        var frame = frames.FindLast(f => f.InApp == true) ?? frames.LastOrDefault();
        return variable switch
        {
            "transaction" => e.Transaction ?? "<no-transaction>",
            "message" => e.Message?.Text ?? exception?.Value ?? "<no-message>",
            "type" or "error.type" => exception?.Type ?? "<no-type>",
            "value" or "error.value" => exception?.Value ?? "<no-value>",
            "function" or "stack.function" => frame?.Function ?? "<no-function>",
            "path" or "stack.abs_path" => frame?.AbsPath ?? frame?.Filename ?? "<no-abs-path>",
            "stack.filename" => frame?.Filename ?? "<no-filename>",
            "module" or "stack.module" => frame?.Module ?? "<no-module>",
            "package" or "stack.package" => frame?.Package ?? "<no-package>",
            "level" => e.Level.ToName(),
            "logger" => e.Logger ?? "<no-logger>",
            _ when variable.StartsWith("tags.", StringComparison.Ordinal) => TagOf(variable["tags.".Length..], e),
            _ => null,
        };
    }

    private static string TagOf(string key, SentryEvent e)
    {
        foreach (var tag in e.Tags)
            if (tag.Key == key)
                return tag.Value;

        return $"<no-value-for-tag-{key}>";
    }

    private static string? VariableOf(string part) =>
        Variables().Match(part.Trim()) is { Success: true } match && match.Length == part.Trim().Length ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\{\{\s{0,20}([A-Za-z0-9_.:-]{1,200})\s{0,20}\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variables();
}
