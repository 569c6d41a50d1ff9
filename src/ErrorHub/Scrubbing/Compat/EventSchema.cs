namespace ErrorHub.Scrubbing.Compat;

/// <summary>What a value at some place of an event is, and what stands below it.</summary>
/// <param name="Reach">Which selectors reach it.</param>
/// <param name="Types">What it is besides its kind of JSON.</param>
/// <param name="Fields">What stands under its keys; null when it is free JSON, which is reached like itself.</param>
internal sealed record PiiField(PiiReach Reach, PiiTypes Types = PiiTypes.None, IReadOnlyDictionary<string, PiiField>? Fields = null)
{
    /// <summary>What stands under keys that are not among <see cref="Fields"/>.</summary>
    internal PiiField? Other { get; init; }

    /// <summary>What stands in it when it is a list.</summary>
    internal PiiField? Item { get; init; }

    /// <summary>True for <c>values</c> of exceptions and their like, and for the lists themselves.</summary>
    internal bool IsWrapping { get; init; }

    /// <summary>True when a list in it has keys and values: headers, cookies.</summary>
    internal bool IsPairs { get; init; }
}

/// <summary>
/// Which values of an event which selectors reach: what Sentry's list of PII fields names, always; most others, when they are named;
/// identifiers, never.
/// </summary>
internal static class EventSchema
{
    private static readonly PiiField Never = new(PiiReach.Never);
    private static readonly PiiField Named = new(PiiReach.WhenNamed);
    private static readonly PiiField Always = new(PiiReach.Always);
    private static readonly PiiField Pairs = new(PiiReach.Always) { IsPairs = true };

    private static readonly PiiField Frame = Struct(PiiTypes.Frame, new()
    {
        ["function"] = Named,
        ["raw_function"] = Named,
        ["symbol"] = Named,
        ["module"] = Named,
        ["package"] = Named,
        ["filename"] = Named,
        ["abs_path"] = Named,
        ["platform"] = Never,
        ["lineno"] = Never,
        ["colno"] = Never,
        ["in_app"] = Never,
        ["instruction_addr"] = Never,
        ["symbol_addr"] = Never,
        ["image_addr"] = Never,
        ["trust"] = Never,
        ["context_line"] = Named,
        ["pre_context"] = Named,
        ["post_context"] = Named,
        ["vars"] = Always,
    });

    private static readonly PiiField Stack = Struct(PiiTypes.Stack, new()
    {
        ["frames"] = Named with { Item = Frame },
        ["registers"] = Named,
    });

    private static readonly PiiField Error = Struct(PiiTypes.Error, new()
    {
        ["type"] = Named,
        ["value"] = Always,
        ["module"] = Named,
        ["thread_id"] = Named,
        ["stacktrace"] = Stack,
        ["raw_stacktrace"] = Stack,
        ["mechanism"] = Struct(PiiTypes.None, new()
        {
            ["type"] = Named,
            ["handled"] = Never,
            ["synthetic"] = Never,
            ["exception_id"] = Never,
            ["parent_id"] = Never,
            ["is_exception_group"] = Never,
            ["source"] = Named,
            ["description"] = Always,
            ["help_link"] = Named,
            ["data"] = Always,
            ["meta"] = Named,
        }),
    });

    private static readonly PiiField Thread = Struct(PiiTypes.Thread, new()
    {
        ["id"] = Named,
        ["name"] = Named,
        ["crashed"] = Never,
        ["current"] = Never,
        ["stacktrace"] = Stack,
        ["raw_stacktrace"] = Stack,
    });

    private static readonly PiiField Breadcrumb = Struct(PiiTypes.Breadcrumb, new()
    {
        ["timestamp"] = Never,
        ["type"] = Named,
        ["category"] = Named,
        ["level"] = Never,
        ["message"] = Always,
        ["data"] = Always,
    });

    private static readonly PiiField Http = Struct(PiiTypes.Http, new()
    {
        ["url"] = Named,
        ["method"] = Never,
        ["data"] = Always,
        ["query_string"] = Pairs,
        ["fragment"] = Always,
        ["cookies"] = Pairs,
        ["headers"] = Pairs,
        ["env"] = Always,
        ["inferred_content_type"] = Never,
    });

    private static readonly PiiField Contexts = new(PiiReach.WhenNamed, PiiTypes.None, new Dictionary<string, PiiField>
    {
        // These have a shape of their own and no place for what people typed.
        ["device"] = Named,
        ["os"] = Named,
        ["runtime"] = Named,
        ["app"] = Named,
        ["browser"] = Named,
        ["gpu"] = Named,
        ["trace"] = Named,
        ["monitor"] = Named,
        ["response"] = Struct(PiiTypes.None, new() { ["cookies"] = Pairs, ["headers"] = Pairs, ["data"] = Always, ["status_code"] = Never }),
    })
    { Other = Always };

    /// <summary>Free JSON that every selector reaches.</summary>
    internal static PiiField Free => Always;

    /// <summary>Likewise such as name it.</summary>
    internal static PiiField FreeWhenNamed => Named;

    /// <summary>The event itself.</summary>
    internal static PiiField Event { get; } = Struct(PiiTypes.Event, new()
    {
        ["event_id"] = Never,
        ["timestamp"] = Never,
        ["received"] = Never,
        ["start_timestamp"] = Never,
        ["platform"] = Never,
        ["level"] = Never,
        ["type"] = Never,
        ["version"] = Never,
        ["project"] = Never,
        ["errors"] = Never,
        ["errorhub"] = Never,
        ["_meta"] = Never,
        ["logger"] = Named,
        ["transaction"] = Named,
        ["culprit"] = Named,
        ["release"] = Named,
        ["dist"] = Named,
        ["environment"] = Named,
        ["modules"] = Named,
        ["fingerprint"] = Named,
        ["tags"] = Named with { IsPairs = true },
        ["sdk"] = new PiiField(PiiReach.WhenNamed, PiiTypes.Sdk, new Dictionary<string, PiiField> { ["client_ip"] = Always }) { Other = Named },
        ["logentry"] = Struct(PiiTypes.LogEntry, new()
        {
            ["formatted"] = Always with { Types = PiiTypes.Message },
            ["message"] = Named with { Types = PiiTypes.Message },
            ["params"] = Always,
        }),
        ["exception"] = ListOf(Error),
        ["stacktrace"] = Stack,
        ["threads"] = ListOf(Thread),
        ["breadcrumbs"] = ListOf(Breadcrumb),
        ["spans"] = Named with
        {
            Item = new PiiField(PiiReach.WhenNamed, PiiTypes.Span, new Dictionary<string, PiiField> { ["data"] = Always, ["sentry_tags"] = Always }) { Other = Named },
        },
        ["request"] = Http,
        ["user"] = Struct(PiiTypes.User, []),
        ["contexts"] = Contexts,
    });

    // Keys that nobody knows are searched.
    private static PiiField Struct(PiiTypes types, Dictionary<string, PiiField> fields) => new(PiiReach.WhenNamed, types, fields) { Other = Always };

    // {"values": [x]} and, of old SDKs, [x].
    private static PiiField ListOf(PiiField item)
    {
        var list = Named with { Item = item with { IsWrapping = true }, IsWrapping = true };
        return new PiiField(PiiReach.WhenNamed, PiiTypes.None, new Dictionary<string, PiiField> { ["values"] = list }) { Item = item with { IsWrapping = true }, Other = Always };
    }
}
