using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>How much disk the spool may use.</summary>
public sealed class SpoolOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "ErrorHub:Spool";

    /// <summary>Bytes it may hold; a further event is answered 503. The default holds some 300,000 events of usual size.</summary>
    public long MaxBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>Bytes it leaves free on the disk for everybody else.</summary>
    public long MinFreeBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// Events of one fingerprint that a minute may bring once half of the spool is taken; one more is answered 429, so that other faults
    /// find room. 0 is no limit.
    /// </summary>
    public int StormEventsPerMinute { get; set; } = 100;

    /// <summary>Bytes after which a new file is begun; a file goes when all its events are in the database.</summary>
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;
}

internal sealed class SpoolOptionsValidator : IValidateOptions<SpoolOptions>
{
    public ValidateOptionsResult Validate(string? name, SpoolOptions options)
    {
        var failures = new List<string>();
        Check(options.SegmentBytes is >= 64 * 1024 and <= 1024 * 1024 * 1024, nameof(options.SegmentBytes), options.SegmentBytes, "65,536 to 1,073,741,824 bytes", "67108864");
        Check(options.MaxBytes >= options.SegmentBytes, nameof(options.MaxBytes), options.MaxBytes, "at least SegmentBytes", "1073741824");
        Check(options.MinFreeBytes >= 0, nameof(options.MinFreeBytes), options.MinFreeBytes, "0 bytes or more", "268435456");
        Check(options.StormEventsPerMinute >= 0, nameof(options.StormEventsPerMinute), options.StormEventsPerMinute, "0 (no limit) or more", "100");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string key, long value, string allowed, string example)
        {
            if (!holds)
                failures.Add(FormattableString.Invariant($"ErrorHub__Spool__{key} is {value}; it must be {allowed}, for example {example}"));
        }
    }
}
