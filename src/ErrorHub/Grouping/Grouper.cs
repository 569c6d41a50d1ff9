using System.Security.Cryptography;
using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>
/// Decides which issue an event belongs to. Identity is the type of the root cause and the first frame of the app; without app
/// frames the top three that mean something; without frames the message with its variable parts taken out.
/// </summary>
/// <remarks>
/// "Type and top app frame" splits far fewer bugs than "all app frames" and merges few (measured in grouping.md, section D2).
/// Line numbers, absolute paths and raw messages are no part of it: they change while the bug stays.
/// </remarks>
public static class Grouper
{
    /// <summary>Version of this algorithm; any change that gives another hash needs another number.</summary>
    public const short Version = 1;

    private const int HashBytes = 16;
    private const int MeaningfulFrames = 3;

    /// <summary>The identity of a normalised event. Pure: equal events give equal results in every process.</summary>
    public static GroupingResult GroupingOf(SentryEvent e)
    {
        var (variant, components) = Default(e);
        if (e.Fingerprint is { Count: > 0 } fingerprint && !(fingerprint.Count == 1 && Fingerprints.IsDefault(fingerprint[0])))
            (variant, components) = ("custom", Fingerprints.Resolve(fingerprint, e, components));

        return new GroupingResult(new IssueHash(Hash(components), Version), variant, [.. components.Select(c => $"{c.Kind}: {c.Value}")]);
    }

    private static (string Variant, List<Component> Components) Default(SentryEvent e)
    {
        // The first on the wire is the innermost: wrapping an exception must not make a new issue.
        var cause = e.Exceptions.FirstOrDefault(x => x.Mechanism?.Synthetic != true && x.Type is { Length: > 0 });
        List<Component> components = cause is null ? [] : [new("type", cause.Type!)];
        if (e.Exceptions.Count == 0 && e.Message is { Text.Length: > 0 } message)
            return ("message", [.. components, OfMessage(message)]);

        var frames = FramesOf(e);
        if (frames.FirstOrDefault(f => f.InApp == true) is { } app)
            return ("app", [.. components, FrameIdentity.Of(app, e.Platform)]);

        // Library frames only when there is nothing else.
        var known = frames.Exists(f => f.InApp is null) ? frames.Where(f => f.InApp is null) : frames;
        var top = WithoutRepeats(known.Select(f => FrameIdentity.Of(f, e.Platform))).Take(MeaningfulFrames).ToList();
        if (top.Count > 0)
            return ("system", [.. components, .. top]);

        var text = e.Exceptions.FirstOrDefault(x => x.Value is { Length: > 0 })?.Value;
        if (text is not null)
            return ("message", [.. components, new("message", MessageParameters.Remove(text))]);

        if (e.Message is { Text.Length: > 0 } fallback)
            return ("message", [.. components, OfMessage(fallback)]);

        return ("message", components.Count > 0 ? components : [new("message", "<unlabeled event>")]);
    }

    /// <summary>A function that calls itself counts once: how deep it went differs from one occurrence to the next.</summary>
    private static IEnumerable<Component> WithoutRepeats(IEnumerable<Component> frames)
    {
        Component? previous = null;
        foreach (var frame in frames)
        {
            if (frame != previous)
                yield return frame;

            previous = frame;
        }
    }

    /// <summary>Frames that mean something, crash site first, of the exception nearest to the root cause that has any.</summary>
    private static List<SentryStackFrame> FramesOf(SentryEvent e)
    {
        var stacks = e.Exceptions.Select(x => x.StackTrace)
            .Append(e.StackTrace)
            .Concat(e.Threads.Where(t => t.Crashed || t.Current).Select(t => t.StackTrace));
        foreach (var stack in stacks)
        {
            var known = Enumerable.Reverse(stack?.Frames ?? []).Where(f => FrameIdentity.IsKnown(f, e.Platform)).ToList();
            var meaningful = known.Where(f => !FrameIdentity.IsNoise(f, e.Platform)).ToList();
            if (known.Count > 0)
                return meaningful.Count > 0 ? meaningful : known;
        }

        return [];
    }

    // A template is what the developer wrote, so it says better than any pattern which parts vary.
    private static Component OfMessage(SentryMessage message) =>
        new("message", MessageParameters.Remove(message.Message is { Length: > 0 } template ? template : message.Text!));

    private static byte[] Hash(List<Component> components)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var component in components)
        {
            // The zero byte between components: ("ab", "c") and ("a", "bc") must not become the same issue.
            hash.AppendData(Encoding.UTF8.GetBytes(component.Kind));
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(component.Value));
            hash.AppendData([0]);
        }

        return hash.GetHashAndReset()[..HashBytes];
    }
}

/// <summary>One part of an identity.</summary>
/// <param name="Kind">Such as <c>type</c>, <c>frame</c>, <c>message</c>.</param>
/// <param name="Value">Its normalised text.</param>
internal readonly record struct Component(string Kind, string Value);
