using ErrorHub.Grouping.Frames;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping.Rules;

/// <summary>What of an event a matcher looks at.</summary>
internal enum MatchField
{
    Type,
    Value,
    Message,
    Level,
    Logger,
    Release,
    Environment,
    Platform,
    Tag,
    Function,
    Module,
    Path,
    Package,
    App,
}

/// <summary>One condition of a rule: <c>type:Foo*</c>, <c>!level:debug</c>, <c>tags.server:web-*</c>. Case does not matter.</summary>
internal sealed class Matcher
{
    // As many as a person needs: what is longer is compared by its beginning.
    private const int MaxText = 4_096;

    private static readonly Dictionary<string, MatchField> Fields = new(StringComparer.Ordinal)
    {
        ["type"] = MatchField.Type,
        ["error.type"] = MatchField.Type,
        ["value"] = MatchField.Value,
        ["error.value"] = MatchField.Value,
        ["message"] = MatchField.Message,
        ["level"] = MatchField.Level,
        ["logger"] = MatchField.Logger,
        ["release"] = MatchField.Release,
        ["environment"] = MatchField.Environment,
        ["platform"] = MatchField.Platform,
        ["function"] = MatchField.Function,
        ["stack.function"] = MatchField.Function,
        ["module"] = MatchField.Module,
        ["stack.module"] = MatchField.Module,
        ["path"] = MatchField.Path,
        ["stack.abs_path"] = MatchField.Path,
        ["package"] = MatchField.Package,
        ["stack.package"] = MatchField.Package,
        ["app"] = MatchField.App,
    };

    private readonly Glob _glob;
    private readonly string? _tag;
    private readonly bool _isNegated, _isApp;

    private Matcher(MatchField field, string pattern, string? tag, bool isNegated)
    {
        (Field, _tag, _isNegated) = (field, tag, isNegated);
        _glob = new(field is MatchField.Path or MatchField.Package ? pattern.Replace('\\', '/') : pattern, StringComparison.OrdinalIgnoreCase);
        _isApp = pattern == "yes";
    }

    internal MatchField Field { get; }

    /// <summary>True when it looks at a frame.</summary>
    internal bool IsOfFrame => Field >= MatchField.Function;

    /// <summary>True when it looks at an exception.</summary>
    internal bool IsOfException => Field is MatchField.Type or MatchField.Value;

    /// <exception cref="FormatException">The word is no matcher.</exception>
    internal static Matcher Read(string word)
    {
        var isNegated = word.StartsWith('!');
        var text = isNegated ? word[1..] : word;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw new FormatException($"'{word}' is neither a matcher such as type:*Timeout* nor an action: +app, -app, +group, -group, fold, -> fingerprint");

        var (name, pattern) = (text[..colon], text[(colon + 1)..]);
        if (pattern.Length == 0)
            throw new FormatException($"'{name}:' has no pattern; '{name}:*' is any");

        if (name.StartsWith("tags.", StringComparison.Ordinal) && name.Length > "tags.".Length)
            return new(MatchField.Tag, pattern, name["tags.".Length..], isNegated);

        if (!Fields.TryGetValue(name, out var field))
            throw new FormatException(
                $"'{name}' is nothing to match; there are type, value, message, level, logger, release, environment, platform, tags.NAME, and of frames function, module, path, package, app");

        if (field == MatchField.App && pattern is not ("yes" or "no"))
            throw new FormatException("'app' is yes or no");

        return new(field, pattern, null, isNegated);
    }

    /// <summary>Of an event as a whole.</summary>
    internal bool Matches(SentryEvent e) => _isNegated != (Field switch
    {
        MatchField.Message => IsMatch(e.Message?.Text) || e.Exceptions.Exists(x => IsMatch(x.Value)),
        MatchField.Level => IsMatch(e.Level.ToName()),
        MatchField.Logger => IsMatch(e.Logger),
        MatchField.Release => IsMatch(e.Release),
        MatchField.Environment => IsMatch(e.Environment),
        MatchField.Platform => IsMatch(e.Platform),
        _ => HasTag(e),
    });

    /// <summary>Of one exception.</summary>
    internal bool Matches(SentryException exception) => _isNegated != (Field == MatchField.Type
        ? IsMatch(exception.Type) || (exception.Module is { Length: > 0 } module && IsMatch($"{module}.{exception.Type}"))
        : IsMatch(exception.Value));

    /// <summary>Of one frame; both as it was sent and as the issue page shows it.</summary>
    internal bool Matches(SentryStackFrame frame, FrameName name, bool? inApp) => _isNegated != (Field switch
    {
        MatchField.Function => IsMatch(name.Name) || IsMatch(frame.Function),
        MatchField.Module => IsMatch(name.Place) || IsMatch(frame.Module),
        MatchField.Path => IsMatch(WithSlashes(frame.AbsPath)) || IsMatch(WithSlashes(frame.Filename)),
        MatchField.Package => IsMatch(WithSlashes(frame.Package)),
        _ => inApp == true == _isApp,
    });

    private bool IsMatch(string? text) => text is { Length: > 0 } && _glob.Matches(text.Length > MaxText ? text.AsSpan(0, MaxText) : text);

    private bool HasTag(SentryEvent e)
    {
        foreach (var tag in e.Tags)
            if (string.Equals(tag.Key, _tag, StringComparison.OrdinalIgnoreCase) && IsMatch(tag.Value))
                return true;

        return false;
    }

    private static string? WithSlashes(string? path) => path?.Replace('\\', '/');
}
