using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ErrorHub.Benchmarks.Servers;

/// <summary>A server as a process of its own, on a free port of 127.0.0.1, and what the kernel knows of it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int ClockTicksPerSecond = 100;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();

    private ServerProcess(int port, ProcessStartInfo start)
    {
        Port = port;
        _process = Process.Start(start)!;
        // Read and dropped, so that it never waits for a full pipe; errors go to our own.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public int Port { get; }

    public TimeSpan SinceStart => _sinceStart.Elapsed;

    /// <summary>Processor time it has used so far, in the kernel as well.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // 1234 (name) S …: the name may hold spaces, what follows its bracket is fixed; fields 14 and 15 of proc(5).
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
        }
    }

    /// <summary>Resident memory now, MiB.</summary>
    public double MemoryMiB => StatusMiB("VmRSS:");

    /// <summary>Most resident memory since its start, MiB.</summary>
    public double PeakMemoryMiB => StatusMiB("VmHWM:");

    /// <summary>Starts a program; it may not listen yet.</summary>
    public static ServerProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string directory)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program, [.. arguments, "--urls", $"http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = directory,
        };
        // Free of the settings of whoever runs this.
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(inherited);

        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        return new ServerProcess(port, start);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        while (SinceStart < StartLimit && !_process.HasExited)
        {
            try
            {
                using var response = await http.GetAsync("/readyz");
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }

        throw new BenchmarkException($"{_process.StartInfo.FileName} was not ready in time");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private double StatusMiB(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("ErrorHub", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ConnectionStrings", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("DOTNET_gc", StringComparison.OrdinalIgnoreCase);
}
