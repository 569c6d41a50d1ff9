using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>Limits and times of the way from a request to the database.</summary>
public sealed class IngestOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "ErrorHub:Ingest";

    /// <summary>Events that may wait for the writer; one more is answered 503.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Compressed bytes of events that may wait for the writer; past it, 503.</summary>
    public long QueueCapacityBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Most events of one transaction.</summary>
    public int MaxBatchEvents { get; set; } = 500;

    /// <summary>Compressed bytes after which a transaction takes no further event.</summary>
    public long MaxBatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How long a batch may be under way before its senders are answered from the spool. The database is not given up: what it has in hand
    /// it may go on with until <see cref="WriteTimeBudget"/> is over.
    /// </summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the database may take for one batch before nothing waits for it any more, and all events go to the spool.</summary>
    public TimeSpan WriteTimeBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Events of one issue in one hour whose bodies are all kept; of later ones fewer and fewer are, and all are counted. 0 keeps all.
    /// </summary>
    public int KeptEventsPerHour { get; set; } = 10_000;

    /// <summary>Largest body as sent, when it is compressed.</summary>
    public int MaxCompressedBytes { get; set; } = 40 * 1024 * 1024;

    /// <summary>Largest envelope after decompression.</summary>
    public int MaxEnvelopeBytes { get; set; } = 200 * 1024 * 1024;

    /// <summary>Largest event, and largest body of /store/.</summary>
    public int MaxEventBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Secret behind <see cref="ProcessedEvent.UserHash"/>. Null: a random one in the data directory. Processes that share one
    /// database must share it, or a user counts once per process.
    /// </summary>
    public string? UserHashKey { get; set; }
}

internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var failures = new List<string>();
        Check(options.QueueCapacity is >= 1 and <= 10_000_000, nameof(options.QueueCapacity), options.QueueCapacity, "1 to 10,000,000 events", "10000");
        Check(options.QueueCapacityBytes >= 1024 * 1024, nameof(options.QueueCapacityBytes), options.QueueCapacityBytes, "at least 1,048,576 bytes", "67108864");
        Check(options.MaxBatchEvents is >= 1 and <= 10_000, nameof(options.MaxBatchEvents), options.MaxBatchEvents, "1 to 10,000 events", "500");
        Check(options.MaxBatchBytes >= 64 * 1024, nameof(options.MaxBatchBytes), options.MaxBatchBytes, "at least 65,536 bytes", "16777216");
        Check(options.AnswerWithin > TimeSpan.Zero && options.AnswerWithin <= TimeSpan.FromMinutes(1),
            nameof(options.AnswerWithin), options.AnswerWithin, "more than 0 and at most a minute", "00:00:00.050");
        Check(options.WriteTimeBudget > TimeSpan.Zero && options.WriteTimeBudget <= TimeSpan.FromMinutes(1),
            nameof(options.WriteTimeBudget), options.WriteTimeBudget, "more than 0 and at most a minute", "00:00:01");
        Check(options.KeptEventsPerHour is >= 0 and <= 1_000_000, nameof(options.KeptEventsPerHour), options.KeptEventsPerHour, "0 (keep all) to 1,000,000 events", "10000");
        Check(options.MaxEventBytes is >= 1024 and <= 64 * 1024 * 1024, nameof(options.MaxEventBytes), options.MaxEventBytes, "1,024 to 67,108,864 bytes", "1048576");
        Check(options.MaxCompressedBytes >= 1024, nameof(options.MaxCompressedBytes), options.MaxCompressedBytes, "at least 1,024 bytes", "41943040");
        Check(options.MaxEnvelopeBytes >= options.MaxEventBytes && options.MaxEnvelopeBytes <= 1024 * 1024 * 1024,
            nameof(options.MaxEnvelopeBytes), options.MaxEnvelopeBytes, "at least MaxEventBytes and at most 1,073,741,824 bytes", "209715200");
        Check(options.UserHashKey is null or { Length: >= 16 }, nameof(options.UserHashKey), "too short", "at least 16 characters", "the output of: openssl rand -hex 32");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string key, object value, string allowed, string example)
        {
            if (!holds)
                failures.Add(FormattableString.Invariant($"ErrorHub__Ingest__{key} is {value}; it must be {allowed}, for example {example}"));
        }
    }
}
