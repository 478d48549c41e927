namespace Mlops.Drivers;

/// <summary>A driver, beside <see cref="IHighLevelDriver"/>, that can take changed settings while it runs: what has not changed goes on without a break.</summary>
/// <remarks>Called only while <see cref="IHighLevelDriver.RunAsync"/> runs, on any thread, one call at a time; a driver that does not answer in time is started anew.</remarks>
public interface IReconfigurableDriver
{
    /// <summary>Takes changed settings, without waiting for the asset: what comes of them is told by the driver's reports.</summary>
    /// <param name="settings">An instance of <see cref="IHighLevelDriverFactory.SettingsType"/>, bound and validated.</param>
    /// <returns>Whether they were taken; if not, nothing has changed and the driver is started anew with them.</returns>
    /// <exception cref="DriverConfigurationException">A setting is wrong; the driver is started anew and reports it.</exception>
    bool TryReconfigure(object settings);
}
