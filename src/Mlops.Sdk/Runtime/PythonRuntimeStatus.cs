using Microsoft.Extensions.Logging;

namespace Mlops.Runtime;

/// <summary>Keeps what became known of the runtime, and logs it when it changes.</summary>
internal sealed class PythonRuntimeStatus(ILogger logger) : IPythonRuntimeStatus
{
    private readonly Lock _gate = new();
    private string _logged = "";

    public IReadOnlyList<ContainmentMeasure> Containment { get; private set; } = [];

    public string? InProcessStopped => null;

    /// <summary>Takes a worker's report.</summary>
    public void Contained(IReadOnlyList<ContainmentMeasure> measures)
    {
        string active = Join(measures.Where(measure => measure.Active));
        string missing = Join(measures.Where(measure => !measure.Active));
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
