namespace Mlops.Drivers;

/// <summary>Creates drivers of one kind. Registered in the host's services; found by <see cref="Kind"/>.</summary>
public interface IHighLevelDriverFactory
{
    /// <summary>Gets the kind as configurations name it, lower case, for example <c>opcua</c>.</summary>
    string Kind { get; }

    /// <summary>Gets the options class to which an asset's settings are bound; its JSON schema drives forms.</summary>
    Type SettingsType { get; }

    /// <summary>Creates a driver; does no I/O.</summary>
    /// <param name="asset">Id of the asset.</param>
    /// <param name="settings">An instance of <see cref="SettingsType"/>, bound and validated.</param>
    /// <returns>The driver.</returns>
    /// <exception cref="DriverConfigurationException">A setting is wrong.</exception>
    IHighLevelDriver Create(string asset, object settings);
}
