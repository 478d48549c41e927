using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mlops.Scenarios.Tests;

/// <summary>A process that a test has started, with its output.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="file">The program.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">What is added to its environment.</param>
    /// <param name="listens">Whether it is spoken to through its standard input.</param>
    public static RunningProcess Start(string file, IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, bool listens = false)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardInput = listens, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var running = new RunningProcess(new Process { StartInfo = start });
        running._process.OutputDataReceived += running.OnLine;
        running._process.ErrorDataReceived += running.OnLine;
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end within {patience}. Its output:\n{Output}");
        }
    }

    /// <summary>Waits until the output matches.</summary>
    public async Task<Match> WaitForAsync(string pattern, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (Regex.Match(Output, pattern) is { Success: true } match)
                return match;
            if (_process.HasExited)
            {
                // Its last lines may still be on their way.
                await _process.WaitForExitAsync();
                return Regex.Match(Output, pattern) is { Success: true } last ? last : throw new InvalidOperationException($"The process ended with {_process.ExitCode} before its output matched '{pattern}':\n{Output}");
            }

            if (waited.Elapsed > patience)
                throw new TimeoutException($"No output matched '{pattern}' within {patience}:\n{Output}");
            await Task.Delay(20);
        }
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

    public void Kill() => _process.Kill();

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null)
            return;
        lock (_output)
            _output.Append(e.Data).Append('\n');
    }
}
