using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Creates drivers of the kind <c>opcua</c>.</summary>
internal sealed class OpcUaDriverFactory(CertificateStore store, TimeProvider time) : IHighLevelDriverFactory
{
    public string Kind => "opcua";

    public Type SettingsType => typeof(OpcUaSettings);

    public IHighLevelDriver Create(string asset, object settings)
    {
        var own = (OpcUaSettings)settings;
        return new OpcUaDriver(asset, own, DriverSetup.Read(asset, own), store, time);
    }
}
