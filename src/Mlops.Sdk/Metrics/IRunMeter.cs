namespace Mlops.Metrics;

/// <summary>Measures memory, processor and energy of the host and its children, for a training or a deployment.</summary>
internal interface IRunMeter
{
    /// <summary>Starts a measurement; it runs until disposed.</summary>
    IRunMeasurement Begin();
}
