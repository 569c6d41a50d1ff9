namespace ErrorHub.Scrubbing.Compat;

/// <summary>What a value is, as selectors name it: <c>$string</c>, <c>$frame</c>.</summary>
[Flags]
internal enum PiiTypes
{
    None = 0,
    String = 1 << 0,
    Number = 1 << 1,
    Boolean = 1 << 2,
    Array = 1 << 3,
    Object = 1 << 4,
    Event = 1 << 5,
    Error = 1 << 6,
    Stack = 1 << 7,
    Frame = 1 << 8,
    Http = 1 << 9,
    User = 1 << 10,
    LogEntry = 1 << 11,
    Message = 1 << 12,
    Thread = 1 << 13,
    Breadcrumb = 1 << 14,
    Span = 1 << 15,
    Sdk = 1 << 16,

    /// <summary>What no event has: dates, which are never searched, and other kinds of items.</summary>
    Elsewhere = 1 << 17,
}

/// <summary>Which selectors reach a value.</summary>
internal enum PiiReach
{
    /// <summary>None: identifiers, levels, times.</summary>
    Never,

    /// <summary>Those that name it, and not those such as <c>$string</c>: tags, versions, paths.</summary>
    WhenNamed,

    /// <summary>All.</summary>
    Always,
}

/// <summary>The names of types in selectors.</summary>
internal static class PiiTypeNames
{
    private static readonly Dictionary<string, PiiTypes> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["string"] = PiiTypes.String,
        ["number"] = PiiTypes.Number,
        ["boolean"] = PiiTypes.Boolean,
        ["bool"] = PiiTypes.Boolean,
        ["array"] = PiiTypes.Array,
        ["object"] = PiiTypes.Object,
        ["event"] = PiiTypes.Event,
        ["error"] = PiiTypes.Error,
        ["exception"] = PiiTypes.Error,
        ["stack"] = PiiTypes.Stack,
        ["stacktrace"] = PiiTypes.Stack,
        ["frame"] = PiiTypes.Frame,
        ["http"] = PiiTypes.Http,
        ["request"] = PiiTypes.Http,
        ["user"] = PiiTypes.User,
        ["logentry"] = PiiTypes.LogEntry,
        ["message"] = PiiTypes.Message,
        ["thread"] = PiiTypes.Thread,
        ["breadcrumb"] = PiiTypes.Breadcrumb,
        ["span"] = PiiTypes.Span,
        ["sdk"] = PiiTypes.Sdk,
        ["datetime"] = PiiTypes.Elsewhere,
        ["attachments"] = PiiTypes.Elsewhere,
        ["minidump"] = PiiTypes.Elsewhere,
        ["binary"] = PiiTypes.Elsewhere,
        ["heap_memory"] = PiiTypes.Elsewhere,
        ["stack_memory"] = PiiTypes.Elsewhere,
        ["replay"] = PiiTypes.Elsewhere,
        ["log"] = PiiTypes.Elsewhere,
        ["trace"] = PiiTypes.Elsewhere,
    };

    /// <summary>The type of a name; null when there is none.</summary>
    internal static PiiTypes? Find(string name) => ByName.TryGetValue(name, out var type) ? type : null;
}
