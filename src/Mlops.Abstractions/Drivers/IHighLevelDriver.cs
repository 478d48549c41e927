namespace Mlops.Drivers;

/// <summary>
/// Connects one asset. Life cycle: created without any I/O, then <see cref="RunAsync"/> once until stopped, then disposed.
/// </summary>
/// <remarks>
/// A driver retries its own connection with back-off and never throws for a lost asset: it reports
/// <see cref="DriverState.Faulted"/> or <see cref="DriverState.Connecting"/> and goes on. A wrong setting throws
/// <see cref="DriverConfigurationException"/> from the factory or at the start of <see cref="RunAsync"/>. When
/// the stop token of <see cref="RunAsync"/> fires, it returns promptly.
/// </remarks>
public interface IHighLevelDriver : IAsyncDisposable
{
    /// <summary>Runs until stopped: declares feeds, writes records, reports its status.</summary>
    /// <param name="sink">Takes feeds, records and status; thread-safe.</param>
    /// <param name="stop">Fires when the driver shall end.</param>
    /// <returns>Completes when the driver has ended.</returns>
    Task RunAsync(IRecordSink sink, CancellationToken stop);
}
