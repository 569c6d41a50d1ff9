using ErrorHub.Ingest;
using ErrorHub.Storage.Sqlite.Spool;
using ErrorHub.UseCases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ErrorHub.Storage.Tests;

/// <summary>The way from a processed event to the database as the program has it, with a database that can be told to fail.</summary>
internal sealed class IngestPipeline : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("errorhub-ingest-").FullName;
    private readonly ServiceProvider _services;

    public IngestPipeline(TestDatabase database, TimeSpan? budget, Action<SpoolOptions>? spool, TimeSpan? answerWithin = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddUseCases();
        database.AddStorage(services);
        services.AddIngest(_directory).AddEventSpool(_directory);
        Writer = new FaultyWriter(database.NewWriter());
        services.AddSingleton<IEventWriter>(Writer);
        // Long: most tests ask what the database made of it.
        services.Configure<IngestOptions>(o => (o.WriteTimeBudget, o.AnswerWithin) = (budget ?? TimeSpan.FromSeconds(10), answerWithin ?? TimeSpan.FromSeconds(10)));
        services.Configure<SpoolOptions>(o => o.MinFreeBytes = 0);
        if (spool is not null)
            services.Configure(spool);

        _services = services.BuildServiceProvider();
    }

    public FaultyWriter Writer { get; }

    public EventBatcher Batcher => _services.GetRequiredService<EventBatcher>();

    public IEventSpool Spool => _services.GetRequiredService<IEventSpool>();

    public DatabaseLink Link => _services.GetRequiredService<DatabaseLink>();

    public UseCaseSender UseCases => _services.GetRequiredService<UseCaseSender>();

    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
    }

    public Task<WriteAnswer[]> WriteAsync(IEnumerable<ProcessedEvent> events) =>
        Task.WhenAll(events.Select(e => Batcher.WriteAsync(e, CancellationToken.None)).ToArray());

    /// <summary>Waits until nothing is left in the spool and fresh events go to the database again.</summary>
    public async Task DrainedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Spool.State.Events > 0 || Link.IsAway)
            await beat.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>A writer with a fault that tests switch on and off.</summary>
internal sealed class FaultyWriter(IEventWriter inner) : IEventWriter
{
    /// <summary>Thrown instead of writing.</summary>
    public Func<IReadOnlyList<ProcessedEvent>, Exception?> Fault { get; set; } = _ => null;

    /// <summary>Awaited after the commit, before the writer answers.</summary>
    public Func<Task> AfterCommit { get; set; } = () => Task.CompletedTask;

    public async Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken)
    {
        if (Fault(events) is { } fault)
            throw fault;

        var results = await inner.WriteAsync(events, outcomes, cancellationToken);
        await AfterCommit();
        return results;
    }

    public bool IsFaultOfEvents(Exception exception) => inner.IsFaultOfEvents(exception);

    public string ReasonOf(Exception exception) => inner.ReasonOf(exception);
}
