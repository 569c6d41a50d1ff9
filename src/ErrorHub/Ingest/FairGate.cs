using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Keeps one project from crowding out the others: between its body and its answer each has at most <see cref="Share"/> events under
/// way while several send, and its further ones wait here, where they delay nobody else. Alone, a project has the whole machine.
/// </summary>
public sealed class FairGate(IOptions<IngestOptions> options, TimeProvider time)
{
    /// <summary>Events of one project under way at once while others send too: enough for a batch worth its transaction.</summary>
    public const int Share = 8;

    // After the last event of another project; a company that comes and goes faster than that is one.
    private static readonly TimeSpan CompanyLasts = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private long _waitingBytes;
    private long _lastProject = -1;
    private long _companyUntil = long.MinValue;

    /// <summary>Waits for the project's turn.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="bytes">What the event holds in memory meanwhile.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    /// <returns>To dispose when the event is answered; null when too much waits already.</returns>
    public async ValueTask<Pass?> EnterAsync(long projectId, int bytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            NoteCompany(projectId);
            ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, projectId, out _);
            lane ??= new Lane();
            if (lane.Waiting.Count == 0 && HasRoom(lane))
            {
                lane.Inside++;
                return new Pass(this, projectId);
            }

            if (lane.Waiting.Count >= options.Value.QueueCapacity || _waitingBytes + bytes > options.Value.QueueCapacityBytes)
                return null;

            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lane.Waiting.Enqueue((waiting, bytes));
            _waitingBytes += bytes;
        }

        // Whoever calls first decides: a place that was given is also used, and so given back.
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiting);
        await waiting.Task;
        return new Pass(this, projectId);
    }

    private void Leave(long projectId)
    {
        lock (_lock)
        {
            var lane = _lanes[projectId];
            lane.Inside--;
            while (HasRoom(lane) && lane.Waiting.TryDequeue(out var next))
            {
                _waitingBytes -= next.Bytes;
                if (next.Turn.TrySetResult())
                    lane.Inside++;
            }

            if (lane.Inside == 0 && lane.Waiting.Count == 0)
                _lanes.Remove(projectId);
        }
    }

    private void NoteCompany(long projectId)
    {
        if (projectId == _lastProject)
            return;

        if (_lastProject >= 0)
            _companyUntil = time.GetTimestamp() + (long)(CompanyLasts.TotalSeconds * time.TimestampFrequency);

        _lastProject = projectId;
    }

    private bool HasRoom(Lane lane) => lane.Inside < Share || time.GetTimestamp() > _companyUntil;

    private sealed class Lane
    {
        public Queue<(TaskCompletionSource Turn, int Bytes)> Waiting { get; } = new();

        public int Inside { get; set; }
    }

    /// <summary>A place among the events under way.</summary>
    public readonly struct Pass(FairGate gate, long projectId) : IDisposable
    {
        /// <summary>Gives it back.</summary>
        public void Dispose() => gate.Leave(projectId);
    }
}
