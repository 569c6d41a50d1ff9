using System.Diagnostics.Metrics;

namespace ErrorHub.Ingest;

/// <summary>The metrics of contract.md 5. Their names are spelled as Prometheus shows them, so that a search finds both ends.</summary>
public sealed class IngestMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ErrorHub.Ingest";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _ackSeconds;
    private readonly Histogram<int> _batchEvents;
    private readonly Histogram<double> _batchSeconds;

    /// <summary>Makes the instruments.</summary>
    public IngestMetrics(IMeterFactory meters, IEventSpool spool)
    {
        _meter = meters.Create(MeterName);
        // The exporter adds _total.
        _events = _meter.CreateCounter<long>("errorhub_ingest_events", description: "Received items by what became of them.");
        _ackSeconds = _meter.CreateHistogram("errorhub_ingest_ack_seconds", description: "From the request to its answer, events stored.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _batchEvents = _meter.CreateHistogram("errorhub_write_batch_events", description: "Events of one transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] });
        _batchSeconds = _meter.CreateHistogram("errorhub_write_batch_seconds", description: "Time of one transaction.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _meter.CreateObservableGauge(
            "errorhub_spool_events", () => spool.State.Events, description: "Acknowledged events that wait on local disk for the database.");
        _meter.CreateObservableGauge("errorhub_spool_bytes", () => spool.State.Bytes, description: "Bytes of the files of the spool.");
    }

    /// <summary>Counts items by what became of them.</summary>
    public void Count(Outcome outcome, string reason, long quantity) =>
        _events.Add(quantity, new("outcome", outcome.ToName()), new("reason", reason));

    /// <summary>Records how long a stored event's sender waited.</summary>
    public void RecordAck(TimeSpan elapsed) => _ackSeconds.Record(elapsed.TotalSeconds);

    /// <summary>Records a committed transaction.</summary>
    public void RecordBatch(int events, TimeSpan elapsed)
    {
        _batchEvents.Record(events);
        _batchSeconds.Record(elapsed.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
