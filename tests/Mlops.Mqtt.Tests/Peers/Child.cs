using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>A process that a test has started, with the lines it writes.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> errors = new();

    private bool disposed;

    private Child(Process process) => this.process = process;

    public string[] Lines => [.. lines];

    public string Errors => string.Join('\n', errors);

    public bool HasExited => process.HasExited;

    /// <summary>Gets the memory that it holds, in MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    public static Child Start(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var child = new Child(Process.Start(start)!);
        child.process.OutputDataReceived += (_, line) => Keep(child.lines, line.Data);
        child.process.ErrorDataReceived += (_, line) => Keep(child.errors, line.Data);
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    public static async Task<(int ExitCode, string[] Lines, string Errors)> RunAsync(string file, params string[] arguments)
    {
        await using var child = Start(file, arguments);
        child.process.StandardInput.Close();
        await Eventually.Within(child.process.WaitForExitAsync());
        return (child.process.ExitCode, child.Lines, child.Errors);
    }

    public void WriteLine(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    /// <summary>Asks it to end in good order, and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        (await RunAsync("/bin/kill", "-TERM", $"{process.Id}")).ExitCode.ShouldBe(0);
        await Eventually.Within(process.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> list, string? line)
    {
        if (line is not null)
            list.Enqueue(line);
    }
}
