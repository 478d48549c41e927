using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Mlops.Python.Locating;

/// <summary>Runs one candidate once and reads what it says about itself.</summary>
internal sealed class PythonProbe
{
    private const string Marker = "MLOPS-PROBE:";
    private const int MaxErrorText = 300;
    private static readonly string Script = EmbeddedText.Read("probe.py");

    private PythonProbe(ProbeReport? report, string? failure)
    {
        Report = report;
        Failure = failure;
    }

    /// <summary>The report, or null when the candidate could not give one.</summary>
    public ProbeReport? Report { get; }

    /// <summary>Why there is no report.</summary>
    public string? Failure { get; }

    public static PythonProbe Run(
        SearchPlace place, IReadOnlyList<string> modules, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(place.Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in (IEnumerable<string>)[.. place.Arguments, "-c", Script, .. modules])
            start.ArgumentList.Add(argument);

        using var process = new Process { StartInfo = start };
        var output = new Tail();
        var error = new Tail();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => error.Add(line.Data);
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return new PythonProbe(null, $"could not be started: {exception.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!Wait(process, output, error, timeout, cancellationToken))
            return new PythonProbe(null, $"gave no answer within {timeout.TotalSeconds:0.#} s");

        return Read(process.ExitCode, output.Text, error.Text);
    }

    private static bool Wait(Process process, Tail output, Tail error, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var exited = new ManualResetEventSlim();
        process.Exited += (_, _) => exited.Set();
        process.EnableRaisingEvents = true;
        var deadline = Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency);
        try
        {
            // The streams are awaited by the same deadline: a grandchild may keep them open after the process itself has gone.
            return exited.Wait(timeout, cancellationToken) && output.Ended.Wait(Left(), cancellationToken) && error.Ended.Wait(Left(), cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        TimeSpan Left()
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private static PythonProbe Read(int exitCode, string output, string error)
    {
        var at = output.LastIndexOf(Marker, StringComparison.Ordinal);
        if (at >= 0)
        {
            try
            {
                var report = JsonSerializer.Deserialize(output[(at + Marker.Length)..].Trim(), ProbeJson.Default.ProbeReport);
                if (report is { Version.Length: 3 })
                    return new PythonProbe(report, null);
            }
            catch (JsonException)
            {
                // Falls through: an answer that cannot be read is no answer.
            }
        }

        var text = error.Trim();
        var shown = text.Length > MaxErrorText ? "…" + text[^MaxErrorText..] : text;
        return new PythonProbe(null, $"is no usable Python: exit code {exitCode}" + (shown.Length > 0 ? $", {shown.ReplaceLineEndings(" ")}" : ""));
    }

    /// <summary>Collects the last lines of a stream; what a candidate prints before its answer is of no interest.</summary>
    private sealed class Tail
    {
        private const int Length = 64;
        private readonly Queue<string> _lines = new();

        public ManualResetEventSlim Ended { get; } = new();

        public string Text
        {
            get
            {
                lock (_lines)
                    return new StringBuilder().AppendJoin('\n', _lines).ToString();
            }
        }

        public void Add(string? line)
        {
            if (line is null)
            {
                Ended.Set();
                return;
            }

            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > Length)
                    _lines.Dequeue();
            }
        }
    }
}
