using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing.Compat;
using ErrorHub.Scrubbing.Detectors;

namespace ErrorHub.Scrubbing;

/// <summary>
/// Removes personal data and secrets from every place of an event that text can be in (docs/scrubbing.md), and leaves a receipt of
/// what it removed. Whatever goes wrong costs the field, never the event, and never lets the text through.
/// </summary>
/// <remarks>The user's identity must be hashed before; afterwards the address and the mailbox are gone.</remarks>
internal static class EventScrubber
{
    // A hundred times what the largest event takes: only what was made to be expensive runs out of it, and a machine that stands still.
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(500);

    /// <summary>Scrubs an event. A second time changes nothing.</summary>
    /// <returns>The event to go on with: the same, changed, or in the profile of Sentry another.</returns>
    internal static SentryEvent Scrub(SentryEvent e, ScrubbingPolicy? policy = null) => Scrub(e, Budget, policy ?? ScrubbingPolicy.Strict);

    /// <summary>Likewise within some time; what there is no time for is dropped.</summary>
    internal static SentryEvent Scrub(SentryEvent e, TimeSpan budget, ScrubbingPolicy policy)
    {
        var run = ScrubbingRun.Begin(budget, policy);
        var fields = new FieldScrubber(e, run);
        if (policy.HasParts)
            PartScrubber.Scrub(fields, e);

        if (policy.Compat is { } configs && CompatScrubber.Scrub(e, configs, run) is { } scrubbed)
            (e, fields) = (scrubbed, new FieldScrubber(scrubbed, run));
        else
            ScrubStrictly(fields, e);

        // Last, because what is scrubbed here may itself be noted above. A refused value is quoted in its note.
        Errors(fields, e);
        e.Receipt = run.ReceiptAfter(e.Receipt);
        return e;
    }

    private static void ScrubStrictly(FieldScrubber fields, SentryEvent e)
    {
        e.Transaction = fields.Text("transaction", e.Transaction, 200);
        e.LegacyCulprit = fields.Text("culprit", e.LegacyCulprit, 200);
        e.ServerName = fields.Text("server_name", e.ServerName, 256);
        e.Logger = fields.Text("logger", e.Logger, 64, TextPlace.Name);
        e.Platform = fields.Text("platform", e.Platform, 64)!;
        e.Type = fields.Text("type", e.Type, 64);
        e.Environment = fields.Text("environment", e.Environment, 64);
        e.Release = e.Release is { } release ? fields.Named("release", release, 200) : null;
        // It has no characters in which a placeholder could be written.
        e.Dist = e.Dist is { } dist && fields.Named("dist", dist) == dist ? dist : null;
        e.Modules = Modules(fields, e.Modules);
        e.Sdk = Sdk(fields, e.Sdk);
        Message(fields, e.Message);
        Exceptions(fields, e.Exceptions);
        StackScrubber.Scrub(fields, e.StackTrace);
        Threads(fields, e.Threads);
        Breadcrumbs(fields, e.Breadcrumbs);
        RequestScrubber.Scrub(fields, e.Request);
        e.User = User(fields, e.User);
        Tags(fields, e.Tags);
        e.Contexts = fields.Map("contexts", e.Contexts);
        e.Extra = fields.Map("extra", e.Extra);
        e.Other = fields.Entries(e.Other);
        if (e.Fingerprint is { } parts)
            fields.Texts("fingerprint", parts, 1_024);
    }

    private static void Message(FieldScrubber fields, SentryMessage? message)
    {
        if (message is null)
            return;

        fields.Run.Enter("logentry");
        message.Message = fields.Text("message", message.Message);
        message.Formatted = fields.Text("formatted", message.Formatted);
        message.Params = fields.Json("params", message.Params);
        fields.Run.Leave();
        // As the reader has it.
        if (message.Message == message.Formatted)
            message.Message = null;
    }

    private static void Exceptions(FieldScrubber fields, List<SentryException> exceptions)
    {
        fields.Run.Enter("exception");
        fields.Run.Enter("values");
        for (var i = 0; i < exceptions.Count; i++)
        {
            fields.Run.Enter(i);
            var exception = exceptions[i];
            exception.Value = fields.Text("value", exception.Value);
            exception.Type = fields.Text("type", exception.Type, 256, TextPlace.Name);
            exception.Module = fields.Text("module", exception.Module, 256, TextPlace.Name);
            exception.ThreadId = fields.Text("thread_id", exception.ThreadId, 64, TextPlace.Path);
            exception.Other = fields.Entries(exception.Other);
            StackScrubber.Scrub(fields, exception.StackTrace);
            Mechanism(fields, exception.Mechanism);
            fields.Run.Leave();
        }

        fields.Run.LeaveTo(0);
    }

    private static void Mechanism(FieldScrubber fields, Mechanism? mechanism)
    {
        if (mechanism is null)
            return;

        fields.Run.Enter("mechanism");
        mechanism.Type = fields.Text("type", mechanism.Type, 128)!;
        mechanism.Source = fields.Text("source", mechanism.Source, 128);
        mechanism.Description = fields.Text("description", mechanism.Description);
        mechanism.HelpLink = fields.Text("help_link", mechanism.HelpLink);
        mechanism.Data = fields.Json("data", mechanism.Data);
        mechanism.Meta = fields.Json("meta", mechanism.Meta);
        fields.Run.Leave();
    }

    private static void Threads(FieldScrubber fields, List<SentryThread> threads)
    {
        fields.Run.Enter("threads");
        fields.Run.Enter("values");
        for (var i = 0; i < threads.Count; i++)
        {
            fields.Run.Enter(i);
            threads[i].Id = fields.Text("id", threads[i].Id, 64, TextPlace.Path);
            threads[i].Name = fields.Text("name", threads[i].Name);
            StackScrubber.Scrub(fields, threads[i].StackTrace);
            threads[i].Other = fields.Entries(threads[i].Other);
            fields.Run.Leave();
        }

        fields.Run.LeaveTo(0);
    }

    private static void Breadcrumbs(FieldScrubber fields, List<Breadcrumb> crumbs)
    {
        fields.Run.Enter("breadcrumbs");
        fields.Run.Enter("values");
        for (var i = 0; i < crumbs.Count; i++)
        {
            fields.Run.Enter(i);
            crumbs[i].Type = fields.Text("type", crumbs[i].Type, 128)!;
            crumbs[i].Message = fields.Text("message", crumbs[i].Message);
            crumbs[i].Category = fields.Text("category", crumbs[i].Category, 128);
            crumbs[i].Data = fields.Json("data", crumbs[i].Data);
            fields.Run.Leave();
        }

        fields.Run.LeaveTo(0);
    }

    private static Dictionary<string, string?> Modules(FieldScrubber fields, Dictionary<string, string?> modules)
    {
        fields.Run.Enter("modules");
        Dictionary<string, string?>? scrubbed = null;
        foreach (var (name, version) in modules)
        {
            var (cleanName, cleanVersion) = (fields.Text(TextScrubber.Filtered, name, 200, TextPlace.Name)!, fields.Text("version", version, 200, TextPlace.Name));
            if (ReferenceEquals(name, cleanName) && ReferenceEquals(version, cleanVersion))
                continue;

            scrubbed ??= new(modules);
            scrubbed.Remove(name);
            scrubbed[cleanName] = cleanVersion;
        }

        fields.Run.Leave();
        return scrubbed ?? modules;
    }

    private static SentrySdk? Sdk(FieldScrubber fields, SentrySdk? sdk)
    {
        if (sdk is null)
            return null;

        fields.Run.Enter("sdk");
        var scrubbed = new SentrySdk(fields.Text("name", sdk.Name, 128, TextPlace.Name), fields.Text("version", sdk.Version, 64, TextPlace.Name))
        {
            Integrations = fields.Json("integrations", sdk.Integrations, TextPlace.Name),
            Packages = fields.Json("packages", sdk.Packages, TextPlace.Name),
            Settings = fields.Json("settings", sdk.Settings, TextPlace.Name),
        };
        fields.Run.Leave();
        return scrubbed;
    }

    private static SentryUser? User(FieldScrubber fields, SentryUser? user)
    {
        if (user is null)
            return null;

        fields.Run.Enter("user");
        user.Id = fields.Text("id", user.Id, 128);
        user.Username = fields.Text("username", user.Username, 128);
        // A display name is a person's, and helps nobody to find a fault.
        user.Name = Remove(fields, "name", "name", user.Name, TextScrubber.Filtered);
        user.Email = Remove(fields, "email", "email", user.Email, "[email]");
        user.IpAddress = Address(fields, user.IpAddress);
        user.Geo = fields.Json("geo", user.Geo);
        user.Data = fields.Map("data", user.Data);
        fields.Run.Leave();
        return user.Identity is null && user.Name is null && user.Geo is null && user.Data.Count == 0 ? null : user;
    }

    private static string? Address(FieldScrubber fields, string? address) => fields.Run.Policy.Settings.IpAddresses switch
    {
        AddressHandling.Keep => address,
        AddressHandling.Truncate when address is not null =>
            Remove(fields, "ip_address", "ip", address, TruncatedAddresses.Truncate(address), RemovalAction.Masked),
        _ => Remove(fields, "ip_address", "ip", address, null),
    };

    private static string? Remove(
        FieldScrubber fields, string path, string rule, string? value, string? replacement, string action = RemovalAction.Removed)
    {
        if (value is null || value == replacement || fields.Run.Policy.Names.IsKept(path))
            return value;

        fields.Run.Enter(path);
        fields.Run.Add(rule, action, value.Length);
        fields.Run.Leave();
        return replacement;
    }

    private static void Tags(FieldScrubber fields, List<KeyValuePair<string, string>> tags)
    {
        fields.Run.Enter("tags");
        // A tag is found by its name, so one in whose name something was found has none that could take its place. Blanks became dashes.
        tags.RemoveAll(t => fields.IsFoundIn(t.Key) || (t.Key.Contains('-', StringComparison.Ordinal) && fields.IsFoundIn(WithBlanks(t.Key))));
        for (var i = 0; i < tags.Count; i++)
            tags[i] = new(tags[i].Key, fields.Named(tags[i].Key, tags[i].Value, 200));

        fields.Run.Leave();
    }

    private static void Errors(FieldScrubber fields, SentryEvent e)
    {
        fields.Run.Enter("errors");
        for (var i = 0; i < e.Errors.Count; i++)
        {
            // The names of refused tags and keys are senders' texts, too.
            var (error, name) = (e.Errors[i], e.Errors[i].Name);
            var sent = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            if (fields.IsFoundIn(name) || fields.IsFoundIn(sent) || fields.IsFoundIn(WithBlanks(sent)))
                error = error with { Name = TextScrubber.Filtered, Value = error.Value is null ? null : TextScrubber.Filtered };
            else if (error.Value is { } value)
                error = error with { Value = fields.Refused(name[(name.LastIndexOf('.') + 1)..], value) };

            e.Errors[i] = error;
        }

        fields.Run.Leave();
    }

    // As a name was before its blanks became dashes; those of a number stay.
    private static string WithBlanks(string name) => string.Create(name.Length, name, static (text, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            text[i] = source[i] == '-' && !(i > 0 && i + 1 < source.Length && char.IsAsciiDigit(source[i - 1]) && char.IsAsciiDigit(source[i + 1])) ? ' ' : source[i];
    });
}
