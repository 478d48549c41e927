namespace Mlops.Drivers.GenICam;

/// <summary>What all cameras of a node share; the section <c>Mlops:GenICam</c>.</summary>
public sealed class GenICamOptions
{
    /// <summary>Gets or sets a value indicating whether Aravis' simulated camera <c>Fake_1</c> can be opened, for trials without a camera.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool SimulatedCamera { get; set; }
}
