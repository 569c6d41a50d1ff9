using System.Text.Json;

namespace ErrorHub.Protocol.Events;

/// <summary>
/// One event as an SDK sends it, after the lenient reading of protocol.md section 7: a value of the wrong kind is left out and
/// noted in <see cref="Errors"/>, never a reason to refuse the event. Parts without a fixed shape stay JSON.
/// </summary>
public sealed class SentryEvent
{
    /// <summary>The id from the payload; null when it has none (PHP sends it only in the envelope's header).</summary>
    public SentryId? EventId { get; set; }

    /// <summary>When it happened by the sender's clock; null when absent or unreadable.</summary>
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>When the server received it; set by normalisation.</summary>
    public DateTimeOffset? Received { get; set; }

    /// <summary>Lower-case platform such as <c>csharp</c>; <c>other</c> when absent.</summary>
    public string Platform { get; set; } = "other";

    /// <summary>Never null: <see cref="SentryLevel.Error"/> when absent or unknown.</summary>
    public SentryLevel Level { get; set; } = SentryLevel.Error;

    /// <summary>Name of the logger that wrote it, at most 64 characters.</summary>
    public string? Logger { get; set; }

    /// <summary>The message (<c>logentry</c>, or its legacy alias <c>message</c>).</summary>
    public SentryMessage? Message { get; set; }

    /// <summary>Name of the transaction (route, task, view) it happened in.</summary>
    public string? Transaction { get; set; }

    /// <summary>The legacy <c>culprit</c>, shown only when there is no transaction.</summary>
    public string? LegacyCulprit { get; set; }

    /// <summary>Host name of the sender.</summary>
    public string? ServerName { get; set; }

    /// <summary>Release of the app, at most 200 characters.</summary>
    public string? Release { get; set; }

    /// <summary>Distribution of the release.</summary>
    public string? Dist { get; set; }

    /// <summary>Environment such as <c>production</c>; null when the sender gave none.</summary>
    public string? Environment { get; set; }

    /// <summary>Tags in the order sent, keys unique, at most 100.</summary>
    public List<KeyValuePair<string, string>> Tags { get; set; } = [];

    /// <summary>The user it happened to.</summary>
    public SentryUser? User { get; set; }

    /// <summary>The HTTP request it happened in.</summary>
    public SentryRequest? Request { get; set; }

    /// <summary>Exceptions, cause first and the outermost last, as on the wire.</summary>
    public List<SentryException> Exceptions { get; set; } = [];

    /// <summary>Stack of an event without exceptions, or the legacy top-level stack.</summary>
    public SentryStackTrace? StackTrace { get; set; }

    /// <summary>Threads at the time of the event.</summary>
    public List<SentryThread> Threads { get; set; } = [];

    /// <summary>What happened before, oldest first, at most 200.</summary>
    public List<Breadcrumb> Breadcrumbs { get; set; } = [];

    /// <summary>Contexts by key (<c>os</c>, <c>runtime</c>, <c>trace</c> …), each an object.</summary>
    public Dictionary<string, JsonElement> Contexts { get; set; } = [];

    /// <summary>Arbitrary values of the app by key.</summary>
    public Dictionary<string, JsonElement> Extra { get; set; } = [];

    /// <summary>Installed modules with their versions; a version may be null.</summary>
    public Dictionary<string, string?> Modules { get; set; } = [];

    /// <summary>The SDK that sent it.</summary>
    public SentrySdk? Sdk { get; set; }

    /// <summary>The fingerprint the app set; null for default grouping.</summary>
    public List<string>? Fingerprint { get; set; }

    /// <summary>The declared <c>type</c>; only <c>transaction</c> and <c>feedback</c> are trusted.</summary>
    public string? Type { get; set; }

    /// <summary>Trace this event belongs to (32 hex digits), from <c>contexts.trace</c>.</summary>
    public string? TraceId { get; set; }

    /// <summary>False when any exception would have crashed the app, true when all known ones were caught; null when unknown.</summary>
    public bool? Handled =>
        Exceptions.Exists(x => x.Mechanism?.Handled == false) ? false :
        Exceptions.Exists(x => x.Mechanism?.Handled == true) ? true : null;

    /// <summary>Problems found while reading and normalising, shown with the event.</summary>
    public List<EventError> Errors { get; set; } = [];

    /// <summary>What scrubbing took out; null before it. In what a sender sends it means nothing, and ingest forgets it.</summary>
    public ScrubbingReceipt? Receipt { get; set; }

    /// <summary>Top-level keys this class has no property for (<c>debug_meta</c>, <c>_meta</c>, <c>csp</c> …), kept as sent.</summary>
    public Dictionary<string, JsonElement> Other { get; set; } = [];
}

/// <summary>A log message: the template, what it was rendered to, and its parameters.</summary>
public sealed class SentryMessage
{
    /// <summary>The template, such as <c>order %s failed</c>; null when it equals <see cref="Formatted"/>.</summary>
    public string? Message { get; set; }

    /// <summary>The rendered text.</summary>
    public string? Formatted { get; set; }

    /// <summary>The parameters, a list or a map; null when there are none.</summary>
    public JsonElement? Params { get; set; }

    /// <summary>What a person reads: the rendered text, else the template.</summary>
    public string? Text => Formatted ?? Message;
}

/// <summary>One exception of a chain or group.</summary>
public sealed class SentryException
{
    /// <summary>The class, such as <c>System.InvalidOperationException</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The message; objects and numbers arrive as their JSON text.</summary>
    public string? Value { get; set; }

    /// <summary>Module or assembly of the class.</summary>
    public string? Module { get; set; }

    /// <summary>Thread it was thrown on.</summary>
    public string? ThreadId { get; set; }

    /// <summary>How the SDK caught it.</summary>
    public Mechanism? Mechanism { get; set; }

    /// <summary>Its stack; null when the SDK had none.</summary>
    public SentryStackTrace? StackTrace { get; set; }

    /// <summary>Keys without a property here, kept as sent.</summary>
    public Dictionary<string, JsonElement> Other { get; set; } = [];
}

/// <summary>How an exception was caught, and its place in an exception group.</summary>
public sealed class Mechanism
{
    /// <summary>Such as <c>onunhandledrejection</c>; <c>generic</c> when absent.</summary>
    public string Type { get; set; } = "generic";

    /// <summary>False when the app would have crashed; null means unknown, not unhandled.</summary>
    public bool? Handled { get; set; }

    /// <summary>True when the type and value were made up by the SDK and say nothing.</summary>
    public bool Synthetic { get; set; }

    /// <summary>A human's description.</summary>
    public string? Description { get; set; }

    /// <summary>Where to read more.</summary>
    public string? HelpLink { get; set; }

    /// <summary>Where the SDK found it on its parent: <c>cause</c>, <c>InnerException</c>, <c>errors[0]</c>.</summary>
    public string? Source { get; set; }

    /// <summary>True for an AggregateException, ExceptionGroup and the like.</summary>
    public bool IsExceptionGroup { get; set; }

    /// <summary>Id inside the event, 0 for the root; null in SDKs that do not number.</summary>
    public int? ExceptionId { get; set; }

    /// <summary><see cref="ExceptionId"/> of the parent; null for the root.</summary>
    public int? ParentId { get; set; }

    /// <summary>Extra values.</summary>
    public JsonElement? Data { get; set; }

    /// <summary>Operating-system facts (signal, mach_exception, errno).</summary>
    public JsonElement? Meta { get; set; }
}

/// <summary>Frames of a stack, oldest call first, the crash site last, as on the wire; at most 250.</summary>
public sealed class SentryStackTrace
{
    /// <summary>The frames; never null, may be empty.</summary>
    public List<SentryStackFrame> Frames { get; set; } = [];

    /// <summary>CPU registers, when a native SDK sent them.</summary>
    public JsonElement? Registers { get; set; }
}

/// <summary>One call in a stack.</summary>
public sealed class SentryStackFrame
{
    /// <summary>The function's name.</summary>
    public string? Function { get; set; }

    /// <summary>The name before demangling or shortening.</summary>
    public string? RawFunction { get; set; }

    /// <summary>Module, namespace or class.</summary>
    public string? Module { get; set; }

    /// <summary>Assembly, library or binary.</summary>
    public string? Package { get; set; }

    /// <summary>Path as shown, relative where the SDK could tell.</summary>
    public string? Filename { get; set; }

    /// <summary>Absolute path or URL.</summary>
    public string? AbsPath { get; set; }

    /// <summary>Line, from 1; null when unknown.</summary>
    public int? LineNo { get; set; }

    /// <summary>Column, from 1; null when unknown.</summary>
    public int? ColNo { get; set; }

    /// <summary>Overrides the event's platform: stacks can be mixed.</summary>
    public string? Platform { get; set; }

    /// <summary>True for the app's own code; null when the SDK did not say, which is not true.</summary>
    public bool? InApp { get; set; }

    /// <summary>The source line.</summary>
    public string? ContextLine { get; set; }

    /// <summary>Source lines before it.</summary>
    public List<string> PreContext { get; set; } = [];

    /// <summary>Source lines after it.</summary>
    public List<string> PostContext { get; set; } = [];

    /// <summary>Local variables by name.</summary>
    public Dictionary<string, JsonElement> Vars { get; set; } = [];

    /// <summary>Address of the instruction, such as <c>0x7fff5c</c>.</summary>
    public string? InstructionAddr { get; set; }

    /// <summary>Keys without a property here (<c>symbol_addr</c>, <c>trust</c>, <c>lock</c> …), kept as sent.</summary>
    public Dictionary<string, JsonElement> Other { get; set; } = [];
}

/// <summary>One thread.</summary>
public sealed class SentryThread
{
    /// <summary>The id as text.</summary>
    public string? Id { get; set; }

    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>True when it crashed the process.</summary>
    public bool Crashed { get; set; }

    /// <summary>True when the event was captured on it.</summary>
    public bool Current { get; set; }

    /// <summary>Its stack.</summary>
    public SentryStackTrace? StackTrace { get; set; }

    /// <summary>Keys without a property here (<c>state</c>, <c>main</c>, <c>held_locks</c> …), kept as sent.</summary>
    public Dictionary<string, JsonElement> Other { get; set; } = [];
}

/// <summary>Something that happened before the event.</summary>
public sealed class Breadcrumb
{
    /// <summary>When; null when the sender gave no readable time.</summary>
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>Such as <c>http</c> or <c>navigation</c>; <c>default</c> when absent.</summary>
    public string Type { get; set; } = "default";

    /// <summary>Such as <c>console</c> or <c>ui.click</c>.</summary>
    public string? Category { get; set; }

    /// <summary>Level; <see cref="SentryLevel.Info"/> when absent.</summary>
    public SentryLevel Level { get; set; } = SentryLevel.Info;

    /// <summary>The text.</summary>
    public string? Message { get; set; }

    /// <summary>Extra values, an object.</summary>
    public JsonElement? Data { get; set; }
}

/// <summary>The user an event happened to.</summary>
public sealed class SentryUser
{
    /// <summary>The app's id for the user, as text.</summary>
    public string? Id { get; set; }

    /// <summary>Log-in name.</summary>
    public string? Username { get; set; }

    /// <summary>Display name.</summary>
    public string? Name { get; set; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>IP address, valid or null; <c>{{auto}}</c> until normalisation replaces it.</summary>
    public string? IpAddress { get; set; }

    /// <summary>Country, city and region, an object.</summary>
    public JsonElement? Geo { get; set; }

    /// <summary>Other keys.</summary>
    public Dictionary<string, JsonElement> Data { get; set; } = [];

    /// <summary>The strongest identity it carries, prefixed by its kind (<c>id:42</c>); null when it has none.</summary>
    public string? Identity =>
        Id is { Length: > 0 } ? "id:" + Id :
        Email is { Length: > 0 } ? "email:" + Email :
        Username is { Length: > 0 } ? "username:" + Username :
        IpAddress is { Length: > 0 } ? "ip:" + IpAddress : null;
}

/// <summary>The HTTP request an event happened in.</summary>
public sealed class SentryRequest
{
    /// <summary>URL without query and fragment.</summary>
    public string? Url { get; set; }

    /// <summary>Upper-case verb.</summary>
    public string? Method { get; set; }

    /// <summary>Body: any JSON, or text.</summary>
    public JsonElement? Data { get; set; }

    /// <summary>Query parameters in order, repeated keys kept.</summary>
    public List<KeyValuePair<string, string>> QueryString { get; set; } = [];

    /// <summary>Fragment without the <c>#</c>.</summary>
    public string? Fragment { get; set; }

    /// <summary>Cookies in order.</summary>
    public List<KeyValuePair<string, string>> Cookies { get; set; } = [];

    /// <summary>Headers in order, lists joined by a comma.</summary>
    public List<KeyValuePair<string, string>> Headers { get; set; } = [];

    /// <summary>Server variables such as <c>REMOTE_ADDR</c>.</summary>
    public Dictionary<string, JsonElement> Env { get; set; } = [];

    /// <summary>The first value of a header, its name compared without case; null when absent.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;

        return null;
    }
}

/// <summary>The SDK that sent an event.</summary>
/// <param name="Name">Such as <c>sentry.javascript.node</c>.</param>
/// <param name="Version">Its version.</param>
public sealed record SentrySdk(string? Name, string? Version)
{
    /// <summary>Names of its integrations, a list; null when not sent.</summary>
    public JsonElement? Integrations { get; init; }

    /// <summary>Its packages with name and version, a list; null when not sent.</summary>
    public JsonElement? Packages { get; init; }

    /// <summary>Its settings, such as <c>infer_ip</c>; null when not sent.</summary>
    public JsonElement? Settings { get; init; }
}

/// <summary>A problem in an event, as Sentry reports it to the developer of the sending app.</summary>
/// <param name="Type">Such as <c>invalid_data</c>, <c>future_timestamp</c>, <c>clock_drift</c>.</param>
/// <param name="Name">Path of the attribute.</param>
/// <param name="Value">The value refused, shortened; null when it is not kept.</param>
public sealed record EventError(string Type, string Name, string? Value)
{
    /// <summary>Characters of each of the three that are kept.</summary>
    public const int MaxLength = 200;
}
