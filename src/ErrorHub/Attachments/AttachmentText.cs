using System.Globalization;
using System.Text;
using ErrorHub.Storage;

namespace ErrorHub.Attachments;

/// <summary>What an attachment's header says, made fit to be stored and shown.</summary>
internal static class AttachmentText
{
    public const int MaxFilename = 255;
    public const int MaxContentType = 128;

    /// <summary>Kinds that make an event when they come without one (protocol.md section 5).</summary>
    public static bool IsCrash(string? kind) => kind is "event.minidump" or "event.applecrashreport";

    /// <summary>
    /// A name for people: the last part of a path, without characters that are no text or that turn the direction of what
    /// follows (<c>gnp.exe</c> must not read as <c>exe.png</c>).
    /// </summary>
    public static string FilenameOf(string? sent)
    {
        var name = sent ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate))
                text.Append(rune.ToString());
        }

        name = StoredText.Fit(text.ToString().Trim(), MaxFilename);
        return name.Trim('.', ' ').Length == 0 ? "attachment" : name;
    }

    /// <summary>The media type; null when it is none.</summary>
    public static string? ContentTypeOf(string? sent) =>
        sent?.Trim() is { Length: > 0 and <= MaxContentType } type && type.All(c => c is >= ' ' and < '\x7f') && type.Contains('/', StringComparison.Ordinal)
            ? type
            : null;

    /// <summary>Sentry's kind; unknown ones are plain attachments.</summary>
    public static string KindOf(string? sent) => sent switch
    {
        "event.minidump" or "event.applecrashreport" or "unreal.context" or "unreal.logs" or "event.view_hierarchy" or "event.heapdump" => sent,
        _ => "event.attachment",
    };
}
