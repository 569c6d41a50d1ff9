using Microsoft.Extensions.Options;

namespace ErrorHub.Attachments;

/// <summary>Which attachments are kept; section <c>ErrorHub:Attachments</c>.</summary>
public sealed class AttachmentOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "ErrorHub:Attachments";

    /// <summary>Largest attachment.</summary>
    public int MaxBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Most bytes of one event's attachments.</summary>
    public int MaxBytesPerEvent { get; set; } = 100 * 1024 * 1024;

    /// <summary>Most attachments of one event; 0 keeps none at all.</summary>
    public int MaxPerEvent { get; set; } = 30;

    /// <summary>Media types and kinds that are not kept, separated by commas: <c>image/png,event.view_hierarchy</c>.</summary>
    public string RefusedTypes { get; set; } = "";

    /// <summary>Free disk space below which no attachment is kept, so that events still find room.</summary>
    public long MinFreeDiskBytes { get; set; } = 1024 * 1024 * 1024;

    // A trace's attachment belongs to a trace, and traces are not kept.
    private const string TraceAttachment = "application/vnd.sentry.trace-attachment";

    /// <summary>True for a media type or kind that is kept.</summary>
    internal bool Takes(string? contentType, string kind) =>
        MaxPerEvent > 0 && contentType != TraceAttachment
        && !RefusedTypes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(refused => refused.Equals(kind, StringComparison.OrdinalIgnoreCase)
                || refused.Equals(contentType?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase));
}

internal sealed class AttachmentOptionsValidator : IValidateOptions<AttachmentOptions>
{
    public ValidateOptionsResult Validate(string? name, AttachmentOptions options)
    {
        var failures = new List<string>();
        Check(options.MaxBytes is >= 1024 and <= 1024 * 1024 * 1024, nameof(options.MaxBytes), options.MaxBytes, "1,024 to 1,073,741,824 bytes", "20971520");
        Check(options.MaxBytesPerEvent >= options.MaxBytes, nameof(options.MaxBytesPerEvent), options.MaxBytesPerEvent, "at least MaxBytes", "104857600");
        Check(options.MaxPerEvent is >= 0 and <= 1000, nameof(options.MaxPerEvent), options.MaxPerEvent, "0 to 1,000 attachments", "30");
        Check(options.MinFreeDiskBytes >= 0, nameof(options.MinFreeDiskBytes), options.MinFreeDiskBytes, "0 bytes or more", "1073741824");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string key, object value, string allowed, string example)
        {
            if (!holds)
                failures.Add(FormattableString.Invariant($"ErrorHub__Attachments__{key} is {value}; it must be {allowed}, for example {example}"));
        }
    }
}
