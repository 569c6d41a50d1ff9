using System.Text.Json;
using System.Text.Json.Serialization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Demo;

/// <summary>
/// A made-up app as the files in Demo/Apps describe it: who runs it, what its code looks like, what goes wrong in it and when.
/// Ages are days before now. Texts may hold <c>{names}</c>, which <see cref="DemoText"/> fills in.
/// </summary>
internal sealed record DemoApp
{
    private static readonly string[] Folders = ["payments-api", "storefront", "fulfilment"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Name of the project.</summary>
    public required string Name { get; init; }

    /// <summary>Platform of its events.</summary>
    public required string Platform { get; init; }

    /// <summary>Platform of the project, as the onboarding page calls it.</summary>
    public required string OnboardingPlatform { get; init; }

    /// <summary>The SDK it reports with.</summary>
    public required SentrySdk Sdk { get; init; }

    /// <summary>Where its sources lay when it was built; absolute paths begin with it.</summary>
    public required string Root { get; init; }

    /// <summary>Its assembly; null where the platform has none.</summary>
    public string? Package { get; init; }

    /// <summary>Host names.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Its public address; null when it takes no requests.</summary>
    public string? Host { get; init; }

    /// <summary>Environments; a name that stands here twice is chosen twice as often.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>Releases, oldest first.</summary>
    public required IReadOnlyList<DemoRelease> Releases { get; init; }

    /// <summary>Contexts of every event.</summary>
    public required Dictionary<string, JsonElement> Contexts { get; init; }

    /// <summary>Installed modules.</summary>
    public required Dictionary<string, string?> Modules { get; init; }

    /// <summary>How its SDK catches what nobody else does.</summary>
    public required string Mechanism { get; init; }

    /// <summary>Tags of every event.</summary>
    public required Dictionary<string, string> Tags { get; init; }

    /// <summary>Values for the names in texts; see <see cref="DemoText"/>.</summary>
    public required Dictionary<string, string> Vars { get; init; }

    /// <summary>Breadcrumbs before every fault: <c>category|message</c>, or <c>http|METHOD url status</c>.</summary>
    public required IReadOnlyList<string> Breadcrumbs { get; init; }

    /// <summary>Frames of libraries by name, oldest call first: <c>function | module | package or path | line</c>.</summary>
    public required Dictionary<string, IReadOnlyList<string>> Libraries { get; init; }

    /// <summary>Frames of its own code by name: <c>file | text of the line | module | function</c>.</summary>
    public required Dictionary<string, string> Frames { get; init; }

    /// <summary>What goes wrong in it.</summary>
    public required IReadOnlyList<DemoFault> Faults { get; init; }

    /// <summary>Its sources by path.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string[]> Sources { get; private set; } = new Dictionary<string, string[]>();

    /// <summary>All apps, each with its sources.</summary>
    public static IReadOnlyList<DemoApp> LoadAll() => [.. Folders.Select(Load)];

    private static DemoApp Load(string folder)
    {
        var assembly = typeof(DemoApp).Assembly;
        var sources = $"demo/{folder}/src/";
        var app = JsonSerializer.Deserialize<DemoApp>(Read($"demo/{folder}/app.json"), Json)!;
        app.Sources = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(sources, StringComparison.Ordinal))
            .ToDictionary(name => name[sources.Length..], name => Read(name).Split('\n'));
        return app;

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}

/// <summary>A release of a made-up app.</summary>
/// <param name="Version">As the SDK sends it.</param>
/// <param name="Age">Days ago it went out.</param>
internal sealed record DemoRelease(string Version, double Age);

/// <summary>Something that goes wrong: an exception, with what caused it, or a message.</summary>
internal sealed record DemoFault
{
    /// <summary>Exception type; null for a message.</summary>
    public string? Type { get; init; }

    /// <summary>Exception value.</summary>
    public string? Value { get; init; }

    /// <summary>The message, when it is no exception.</summary>
    public string? Message { get; init; }

    /// <summary>The exception behind it; null when there is none.</summary>
    public DemoCause? Cause { get; init; }

    /// <summary>Frames by name, oldest call first; <c>@name</c> stands for a library's.</summary>
    public required IReadOnlyList<string> Stack { get; init; }

    /// <summary>Level.</summary>
    public SentryLevel Level { get; init; } = SentryLevel.Error;

    /// <summary>False when it crashed the request; null for messages.</summary>
    public bool? Handled { get; init; }

    /// <summary>How the SDK caught it; null for the app's usual way.</summary>
    public string? Mechanism { get; init; }

    /// <summary>Logger.</summary>
    public string? Logger { get; init; }

    /// <summary>Route or task: <c>POST /v1/payments</c>.</summary>
    public string? Transaction { get; init; }

    /// <summary>Only in this environment; null for the app's usual ones.</summary>
    public string? Environment { get; init; }

    /// <summary>Values for the names in texts, over those of the app.</summary>
    public Dictionary<string, string> Vars { get; init; } = [];

    /// <summary>Tags.</summary>
    public Dictionary<string, string> Tags { get; init; } = [];

    /// <summary>Local variables of the crash frame.</summary>
    public Dictionary<string, string> Locals { get; init; } = [];

    /// <summary>Breadcrumbs after those of the app.</summary>
    public IReadOnlyList<string> Breadcrumbs { get; init; } = [];

    /// <summary>How many different users meet it at most; 0 when no user is there.</summary>
    public required int Users { get; init; }

    /// <summary>When it happens, and how often.</summary>
    public required IReadOnlyList<DemoPhase> Phases { get; init; }

    /// <summary>Days ago that someone resolved it; null for never.</summary>
    public double? Resolve { get; init; }

    /// <summary>Days ago that someone archived it; null for never.</summary>
    public double? Archive { get; init; }
}

/// <summary>The exception behind another.</summary>
/// <param name="Type">Type.</param>
/// <param name="Value">Value.</param>
/// <param name="Stack">Frames by name.</param>
internal sealed record DemoCause(string Type, string Value, IReadOnlyList<string> Stack);

/// <summary>A stretch of time in which a fault happens.</summary>
/// <param name="From">Days ago it begins.</param>
/// <param name="To">Days ago it ends.</param>
/// <param name="PerDay">Events a day on average.</param>
/// <param name="Flat">True when it does not follow people's day and week: machines, outages.</param>
/// <param name="Hour">The hour (UTC) of the nightly job it happens in; null for any.</param>
internal sealed record DemoPhase(double From, double To, double PerDay, bool Flat = false, int? Hour = null);
