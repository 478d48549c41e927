using Mlops.Drivers;

namespace CustomDriver;

/// <summary>Creates drivers of the kind <c>line-sensor</c>.</summary>
public sealed class LineSensorFactory(TimeProvider time) : IHighLevelDriverFactory
{
    public string Kind => "line-sensor";

    public Type SettingsType => typeof(LineSensorSettings);

    public IHighLevelDriver Create(string asset, object settings) => new LineSensorDriver(asset, (LineSensorSettings)settings, time);
}
