namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Creates drivers of the kind <c>opcua</c>.</summary>
internal sealed class OpcUaDriverFactory(OpcUaServices services) : IHighLevelDriverFactory
{
    public string Kind => "opcua";

    public Type SettingsType => typeof(OpcUaSettings);

    public IHighLevelDriver Create(string asset, object settings) => new OpcUaDriver(asset, DriverSetup.Read(asset, (OpcUaSettings)settings, services), services);
}
