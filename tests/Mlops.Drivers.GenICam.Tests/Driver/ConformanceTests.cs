using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Store;
using Mlops.Testing.Drivers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class ConformanceTests
{
    [Fact]
    public async Task Driver_InTheKit_KeepsItsRules()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        using var instruments = new GenICamInstruments();
        await using ServiceProvider services = new ServiceCollection().AddSingleton<IBlobStore>(new MemoryBlobs()).BuildServiceProvider();
        var kit = new DriverConformance(
            new GenICamDriverFactory([new AravisProvider(new GenICamOptions())], instruments, services, TimeProvider.System),
            () => new GenICamSettings { Camera = camera.Address, Features = { ["Width"] = "128", ["Height"] = "128" } })
        {
            Disconnect = camera.KillAsync,
            Reconnect = camera.StartAgainAsync,
        };

        await kit.RunAllAsync();
    }
}
