using CustomDriver;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers;
using Mlops.Testing.Drivers;

namespace Mlops.Testing.Tests.Drivers;

public sealed class CustomDriverTests
{
    [Fact]
    public async Task LineSensor_AgainstASensor_ConformsToTheContract()
    {
        await using var sensor = new SensorStandIn();
        var kit = new DriverConformance(
            new LineSensorFactory(TimeProvider.System),
            () => new LineSensorSettings { Host = "127.0.0.1", Port = sensor.Port })
        {
            Disconnect = sensor.SwitchOffAsync,
            Reconnect = sensor.SwitchOnAsync,
        };

        await kit.RunAllAsync();
    }

    [Fact]
    public void AddLineSensor_Twice_RegistersItOnce()
    {
        var services = new ServiceCollection();
        services.AddMlopsCore().AddLineSensor().AddLineSensor();

        services.Count(s => s.ServiceType == typeof(IHighLevelDriverFactory)).ShouldBe(1);
    }

    [Fact]
    public void CustomDriver_Assembly_ReferencesOnlyAbstractions() =>
        typeof(LineSensorDriver).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Mlops", StringComparison.Ordinal)).ShouldBe(["Mlops.Abstractions"]);
}
