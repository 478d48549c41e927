using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Mlops.Benchmarks.Harness;

/// <summary>A process that a scenario has started: it is spoken to by lines, and what it costs is read from the kernel.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private readonly Process _process;
    private readonly string _name;

    private Peer(string name, Process process)
    {
        _name = name;
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                Console.Error.WriteLine($"{name}: {line.Data}");
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Gets a value indicating whether it ends when its standard input does; otherwise it is ended.</summary>
    public bool EndsWithItsInput { get; init; } = true;

    /// <summary>Gets the seconds of processor time, user and system, so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            // Behind the name, which may hold blanks: fields 14 and 15 of proc(5) stat.
            string[] fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Gets the most memory it ever held, MiB.</summary>
    public double PeakMiB => StatusMiB("VmHWM");

    /// <summary>Gets the memory it holds, MiB.</summary>
    public double ResidentMiB => StatusMiB("VmRSS");

    /// <summary>Lets <see cref="PeakMiB"/> begin anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public static Peer Start(string name, string file, params IEnumerable<string> arguments) => new(name, Launch(file, arguments));

    /// <summary>Starts a server that takes no notice of its standard input.</summary>
    public static Peer StartServer(string name, string file, params IEnumerable<string> arguments) =>
        new(name, Launch(file, arguments)) { EndsWithItsInput = false };

    public async Task<string> ReadLineAsync(TimeSpan patience, CancellationToken stop) =>
        await _process.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(patience, stop)
            ?? throw new InvalidOperationException($"The process '{_name}' ended before it answered; its errors are above.");

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Closes its standard input, whereupon it should end, and ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(EndsWithItsInput ? TimeSpan.FromSeconds(20) : TimeSpan.Zero);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>Starts this program again in another role.</summary>
    public static Peer StartSelf(string name, params IEnumerable<string> arguments)
    {
        (string file, string[] first) = Self();
        return Start(name, file, [.. first, .. arguments]);
    }

    /// <summary>Starts this program in another role, with the setting of the thread pool that our samples' hosts have: waiting threads sleep at once.</summary>
    public static Peer StartSelfAsHost(string name, params IEnumerable<string> arguments)
    {
        (string file, string[] first) = Self();
        return Start(name, "env", ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0", file, .. first, .. arguments]);
    }

    private static (string File, string[] Arguments) Self()
    {
        string self = Environment.ProcessPath!;
        return (self, Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : []);
    }

    private double StatusMiB(string field) => long.Parse(
        Regex.Match(File.ReadAllText($"/proc/{_process.Id}/status"), field + @":\s+(\d+) kB").Groups[1].Value, CultureInfo.InvariantCulture) / 1024.0;

    // As docs/store.md advises hosts to be started, and alike for every side.
    private static Process Launch(string file, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["MALLOC_ARENA_MAX"] = "2" } })!;
}
