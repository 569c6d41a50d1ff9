using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>The published program, running on an installation.</summary>
public sealed partial class ErrorHubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _setupLink = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ErrorHubProcess(Installation installation, Uri address)
    {
        Address = address;
        string[] command = [.. installation.Launcher, Repository.Program, "--urls", address.ToString()];
        var start = ProgramRun.StartInfo(command[0], command[1..], installation.Settings);
        start.WorkingDirectory = installation.DataDirectory;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The link for the first owner, as soon as the program has printed it.</summary>
    public Task<Uri> SetupLink => _setupLink.Task.WaitAsync(StartLimit);

    /// <summary>Its number with the system.</summary>
    public int Id => _process.Id;

    /// <summary>Files and sockets it has open.</summary>
    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <summary>Whether it still runs, and how it ended.</summary>
    public string End => _process.HasExited ? $"ended with {_process.ExitCode}" : "running";

    /// <summary>All it wrote so far.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts it on the installation's own address, or on <paramref name="address"/>, and waits until it is ready.</summary>
    public static Task<ErrorHubProcess> StartAsync(Installation installation, CancellationToken cancellationToken, Uri? address = null) =>
        StartAsync(installation, "/readyz", address, cancellationToken);

    /// <summary>Starts it and waits only until it lives, as while its database is away.</summary>
    public static Task<ErrorHubProcess> StartAliveAsync(Installation installation, CancellationToken cancellationToken) =>
        StartAsync(installation, "/healthz", null, cancellationToken);

    private static async Task<ErrorHubProcess> StartAsync(
        Installation installation, string sign, Uri? address, CancellationToken cancellationToken)
    {
        var process = new ErrorHubProcess(installation, address ?? installation.BaseUrl);
        try
        {
            await process.WaitUntilReadyAsync(sign, cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a subcommand, or a start that must fail, to its end.</summary>
    internal static Task<ProgramRun> RunAsync(
        Installation installation, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ProgramRun.ToEndAsync(Repository.Program, arguments, installation.Settings, cancellationToken);

    /// <summary>The most memory it has held so far, bytes.</summary>
    public long PeakMemory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>kill -9: no goodbye.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for its end, whatever ends it.</summary>
    public Task EndedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken).WaitAsync(StartLimit, cancellationToken);

    /// <summary>Sends it a signal, such as <c>STOP</c>.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Asks it to stop, as systemd and Docker do; its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(string sign, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        // Another process offers nothing to await, so this one is asked again and again.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var started = Stopwatch.StartNew();
        while (await pause.WaitForNextTickAsync(cancellationToken))
        {
            Assert.False(_process.HasExited, $"errorhub ended before it was ready\n{Log}");
            Assert.True(started.Elapsed < StartLimit, $"errorhub was not ready in time\n{Log}");
            try
            {
                using var response = await http.GetAsync(sign, cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (SetupLinkPattern().Match(line) is { Success: true } match)
            _setupLink.TrySetResult(new Uri(match.Value));
    }

    [GeneratedRegex(@"http://\S+/setup\S+")]
    private static partial Regex SetupLinkPattern();
}
