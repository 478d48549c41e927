namespace Mlops.Runtime;

/// <summary>What is known of the Python runtime while it runs. Thread-safe.</summary>
public interface IPythonRuntimeStatus
{
    /// <summary>Gets what contains workers, as the last one reported; empty before the first has started.</summary>
    IReadOnlyList<ContainmentMeasure> Containment { get; }

    /// <summary>Gets why nothing predicts inside the host's process until it restarts; <see langword="null"/> when something may.</summary>
    string? InProcessStopped { get; }
}
