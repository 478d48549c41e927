using Microsoft.Extensions.Logging;

namespace Mlops.Runtime;

/// <summary>Keeps what became known of the runtime, and logs it when it changes.</summary>
internal sealed class PythonRuntimeStatus(ILogger logger) : IPythonRuntimeStatus
{
    private readonly Lock _gate = new();
    private readonly HashSet<Action> _stops = [];
    private string _logged = "";
    private volatile string? _inProcessStopped;

    public IReadOnlyList<ContainmentMeasure> Containment { get; private set; } = [];

    public string? InProcessStopped => _inProcessStopped;

    /// <summary>Notes that nothing predicts inside this process until it restarts, and tells those that do.</summary>
    public void StopInProcess(string reason)
    {
        Action[] stops;
        lock (_gate)
        {
            if (_inProcessStopped is not null)
                return;
            _inProcessStopped = reason;
            stops = [.. _stops];
            _stops.Clear();
        }

        Log.InProcessStopped(logger, reason);
        foreach (Action stop in stops)
            stop();
    }

    /// <summary>Calls an action when nothing predicts inside this process any more.</summary>
    public void OnStop(Action stop)
    {
        lock (_gate)
            _stops.Add(stop);
    }

    /// <summary>Forgets an action.</summary>
    public void Forget(Action stop)
    {
        lock (_gate)
            _stops.Remove(stop);
    }

    /// <summary>Takes a worker's report.</summary>
    public void Contained(IReadOnlyList<ContainmentMeasure> measures)
    {
        string active = Join(measures.Where(measure => measure.Active));

        // A host that is not root has no other account to give, and is right not to be: nothing to warn of.
        string missing = Join(measures.Where(measure => !measure.Active && measure.Name != "account"));
        lock (_gate)
        {
            Containment = measures;

            // Workers differ in their numbers only, such as that of the account.
            string kinds = string.Join(' ', measures.Select(measure => measure.Active));
            if (_logged == kinds)
                return;
            _logged = kinds;
        }

        if (active.Length > 0)
            Log.Contained(logger, active);
        if (missing.Length > 0)
            Log.NotContained(logger, missing);
    }

    private static string Join(IEnumerable<ContainmentMeasure> measures) =>
        string.Join("; ", measures.Select(measure => $"{measure.Name} ({measure.By})"));
}
