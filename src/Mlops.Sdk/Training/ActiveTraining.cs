using System.Diagnostics.CodeAnalysis;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>A training that waits or runs: where it stands, in memory. Its state changes in one place, under one lock. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without timer holds nothing, and disposing it would race with a late wish to cancel.")]
internal sealed class ActiveTraining(TrainingInfo info, TrainingOptions options, TimeProvider clock) : ITrainingObserver
{
    private const int MaxMetrics = 1000;
    private const int MaxNameLength = 200;
    private const int MaxTextLength = 500;
    private const int MaxLineLength = 4000;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<TrainingInfo> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, double> _metrics = new(info.Metrics, StringComparer.Ordinal);
    private readonly MetricHistory _history = new(options.MetricPoints);
    private readonly Queue<RunLogLine> _lines = new();
    private TrainingInfo _info = info;
    private TrainingInfo? _final;
    private bool _changed;

    public string Id => _info.Id;

    public TrainingInfo Info
    {
        get
        {
            lock (_gate)
                return _info with { Metrics = new Dictionary<string, double>(_metrics, StringComparer.Ordinal) };
        }
    }

    /// <summary>Gets the final state, once there is one, whether it is durable or not.</summary>
    public TrainingInfo Final
    {
        get
        {
            lock (_gate)
                return _final ?? _info;
        }
    }

    /// <summary>Gets the token that somebody's wish to cancel the running training sets.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Gets what completes when the training has ended and this is durable.</summary>
    public Task<TrainingInfo> Ended => _ended.Task;

    public IReadOnlyList<RunLogLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public IReadOnlyList<MetricPoint> History
    {
        get
        {
            lock (_gate)
                return _history.Snapshot();
        }
    }

    /// <summary>Goes from queued to running, unless it was cancelled before.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_info.State != TrainingState.Queued)
                return false;
            _info = _info with { State = TrainingState.Running, Started = clock.GetUtcNow() };
            return true;
        }
    }

    /// <summary>Goes from queued to cancelled, or asks the running training to end.</summary>
    /// <returns>Whether it is cancelled now, because it had not begun.</returns>
    public bool TryCancel()
    {
        lock (_gate)
        {
            if (_info.State == TrainingState.Queued)
            {
                _info = _info with { State = TrainingState.Cancelled, Ended = clock.GetUtcNow() };
                return true;
            }
        }

        _cancel.Cancel();
        return false;
    }

    /// <summary>Sets the final state, which nobody sees before it is durable: then there is the model that it names.</summary>
    public TrainingInfo End(Func<TrainingInfo, TrainingInfo> change)
    {
        lock (_gate)
        {
            _final = change(_info) with { Ended = clock.GetUtcNow(), Metrics = new Dictionary<string, double>(_metrics, StringComparer.Ordinal) };
            _changed = false;
            return _final;
        }
    }

    /// <summary>Lets everybody see the final state.</summary>
    public void Publish()
    {
        lock (_gate)
            _info = _final ?? _info;
    }

    /// <summary>Says that the final state is durable.</summary>
    public void Complete() => _ended.TrySetResult(Info);

    /// <summary>Tells whether progress or metrics changed since the last call.</summary>
    public bool TakeChanged()
    {
        lock (_gate)
        {
            bool changed = _changed;
            _changed = false;
            return changed;
        }
    }

    /// <summary>Says what is being done, without knowing how far it is.</summary>
    public void Doing(string text)
    {
        lock (_gate)
        {
            _info = _info with { ProgressText = Cut(text, MaxTextLength) };
            _changed = true;
        }
    }

    public void Progress(double fraction, string text)
    {
        lock (_gate)
        {
            _info = _info with { Progress = double.IsNaN(fraction) ? _info.Progress : Math.Clamp(fraction, 0, 1), ProgressText = Cut(text, MaxTextLength) };
            _changed = true;
        }
    }

    public void Metric(string name, double value, long? step)
    {
        // JSON has no infinity and no NaN, and a comparison of models has no use for them; the log keeps that they came.
        if (!double.IsFinite(value))
        {
            Log($"Metric '{name}' is {value}{(step is null ? "" : $" at step {step}")}; it is not recorded.", isError: true);
            return;
        }

        name = Cut(name, MaxNameLength);
        lock (_gate)
        {
            if (_metrics.Count < MaxMetrics || _metrics.ContainsKey(name))
                _metrics[name] = value;
            if (step is { } at)
                _history.Add(name, at, value);
            _changed = true;
        }
    }

    public void Log(string line, bool isError)
    {
        lock (_gate)
        {
            _lines.Enqueue(new RunLogLine(clock.GetUtcNow(), Cut(line, MaxLineLength), isError));
            while (_lines.Count > options.LogLines)
                _lines.Dequeue();
        }
    }

    // The meter of the run follows the tree of processes by itself.
    public void Process(int processId) => Log($"The work is done by process {processId}.", isError: false);

    private static string Cut(string? text, int length) => text is null ? "" : text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
