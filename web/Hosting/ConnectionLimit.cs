using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ErrorHub.Web.Hosting;

/// <summary>
/// Lets clients have only so many connections at once, and accepts the next one when there is a place for it. Kestrel's own limit accepts
/// first and closes then, which a burst outruns until no file can be opened any more, and the runtime ends the process. Who finds no
/// place waits in the system's queue; so that this does not last, connections that idle are closed: first those that never said
/// anything, then the one whose last request is longest ago.
/// </summary>
internal sealed partial class ConnectionLimit(int places, TimeProvider time, ILogger<ConnectionLimit> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    // A request may be under way on a connection that is newer, or was used since; to close it then would cost the request.
    private const long SilentFor = 30;
    private const long UnusedFor = 1_000;

    private readonly SemaphoreSlim _free = new(places, places);
    private readonly Lock _lock = new();
    private readonly LinkedList<Connection> _silent = [];
    private readonly LinkedList<Connection> _used = [];
    private long _warned;

    // With fewer places left than this some are made, before anybody has to wait.
    private int Crowded => Math.Max(8, places / 8);

    /// <summary>Waits for a place.</summary>
    public async Task TakePlaceAsync(CancellationToken cancellationToken)
    {
        if (_free.CurrentCount <= Crowded)
            CloseIdle();

        while (!await _free.WaitAsync(Patience, cancellationToken))
        {
            CloseIdle();
            Warn();
        }
    }

    /// <summary>Gives a place back that no connection came to take.</summary>
    public void LeavePlace() => _free.Release();

    /// <summary>The connection, which leaves its place when it is closed.</summary>
    public ConnectionContext Admit(ConnectionContext accepted)
    {
        var connection = new Connection(accepted, this);
        accepted.Features.Set(connection);
        lock (_lock)
            _silent.AddLast(connection.Node);

        return connection;
    }

    /// <summary>A request came by its connection.</summary>
    public static void Note(HttpContext http) => http.Features.Get<Connection>()?.Use();

    public void Dispose() => _free.Dispose();

    // Each is asked once; one that is in the middle of a request keeps its place until that is answered.
    private void CloseIdle()
    {
        var idle = new List<Connection>();
        lock (_lock)
        {
            // Many at once: a crowd that says nothing must not hold up whoever stands behind it.
            while (idle.Count < Crowded && Idlest() is { } connection)
            {
                connection.Node.List!.Remove(connection.Node);
                idle.Add(connection);
            }
        }

        foreach (var connection in idle)
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    private Connection? Idlest()
    {
        var now = Environment.TickCount64;
        if (_silent.First?.Value is { } silent && now - silent.LastUse >= SilentFor)
            return silent;

        return _used.MinBy(c => c.LastUse) is { } used && now - used.LastUse >= UnusedFor ? used : null;
    }

    private void FirstUse(Connection connection)
    {
        lock (_lock)
        {
            if (connection.Node.List is null)
                return;

            _silent.Remove(connection.Node);
            _used.AddLast(connection.Node);
        }
    }

    private void Closed(Connection connection)
    {
        lock (_lock)
            connection.Node.List?.Remove(connection.Node);

        _free.Release();
    }

    private void Warn()
    {
        var now = time.GetTimestamp();
        if (_warned != 0 && time.GetElapsedTime(_warned, now) < Silence)
            return;

        _warned = now;
        Log.Full(logger, places, Descriptors.Limit);
    }

    private sealed class Connection : ConnectionContext
    {
        private readonly ConnectionContext _inner;
        private readonly ConnectionLimit _limit;
        private bool _isUsed;

        public Connection(ConnectionContext inner, ConnectionLimit limit)
        {
            (_inner, _limit) = (inner, limit);
            Node = new LinkedListNode<Connection>(this);
        }

        public LinkedListNode<Connection> Node { get; }

        /// <summary>When its last request began, or before the first it was accepted, in milliseconds of the system's clock.</summary>
        public long LastUse { get; private set; } = Environment.TickCount64;

        public override string ConnectionId { get => _inner.ConnectionId; set => _inner.ConnectionId = value; }

        public override IFeatureCollection Features => _inner.Features;

        public override IDictionary<object, object?> Items { get => _inner.Items; set => _inner.Items = value; }

        public override IDuplexPipe Transport { get => _inner.Transport; set => _inner.Transport = value; }

        public override CancellationToken ConnectionClosed { get => _inner.ConnectionClosed; set => _inner.ConnectionClosed = value; }

        public override EndPoint? LocalEndPoint { get => _inner.LocalEndPoint; set => _inner.LocalEndPoint = value; }

        public override EndPoint? RemoteEndPoint { get => _inner.RemoteEndPoint; set => _inner.RemoteEndPoint = value; }

        public void Use()
        {
            LastUse = Environment.TickCount64;
            if (!_isUsed)
                _limit.FirstUse(this);

            _isUsed = true;
        }

        public override void Abort() => _inner.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await _inner.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                _limit.Closed(this);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "All {Places} connections that the limit on open files ({Limit}) leaves room for are taken: new ones wait. Raise the limit, for example LimitNOFILE=65536.")]
        public static partial void Full(ILogger logger, int places, long? limit);
    }
}

/// <summary>Kestrel's sockets behind a <see cref="ConnectionLimit"/>.</summary>
internal sealed class LimitedSocketFactory(SocketTransportFactory sockets, ConnectionLimit limit) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), limit);

    private sealed class Listener(IConnectionListener inner, ConnectionLimit limit) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await limit.TakePlaceAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                accepted = await inner.AcceptAsync(cancellationToken);
                return accepted is null ? null : limit.Admit(accepted);
            }
            finally
            {
                if (accepted is null)
                    limit.LeavePlace();
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _unbound.Dispose();
        }
    }
}

/// <summary>Registers the limit on connections, where the system has one on files.</summary>
internal static class ConnectionLimitModule
{
    public static void AddConnectionLimit(this WebApplicationBuilder builder)
    {
        if (Descriptors.ForClients is not { } places)
            return;

        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionLimit>(provider, places));
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => new LimitedSocketFactory(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(provider), provider.GetRequiredService<ConnectionLimit>()));
    }

    /// <summary>Notes which connections are used.</summary>
    public static void UseConnectionLimit(this WebApplication app) => app.Use((http, next) =>
    {
        ConnectionLimit.Note(http);
        return next(http);
    });
}
