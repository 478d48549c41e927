using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Store;

namespace Mlops.Tests.Store;

public class StoreOptionsTests
{
    [Fact]
    public async Task StartAsync_Settings_AreBound()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:QueryMemory=64 MB", "Store:SegmentBytes=1048576", "Store:SegmentAge=00:01:00", "Store:LabelSources:0=a"]);

        StoreOptions options = node.Get<IOptions<StoreOptions>>().Value;
        (options.QueryMemory, options.SegmentBytes, options.SegmentAge, options.LabelSources[0]).ShouldBe((ByteSize.Megabytes(64), ByteSize.Megabytes(1), TimeSpan.FromMinutes(1), "a"));
    }

    [Fact]
    public async Task StartAsync_SettingsOutOfRange_AreAllNamed()
    {
        string message = (await Should.ThrowAsync<OptionsValidationException>(() => StoreNode.StartAsync(settings:
            ["Store:QueryMemory=1 MB", "Store:SegmentBytes=1", "Store:SegmentAge=05:00:00", "Store:LabelSources:0=a", "Store:LabelSources:1=a"]))).Message;

        message.ShouldContain("Mlops:Store:QueryMemory is 1 MB; queries need at least 32 MB");
        message.ShouldContain("Mlops:Store:SegmentBytes is 1 B");
        message.ShouldContain("Mlops:Store:SegmentMaximumAge (01:00:00) is less than Mlops:Store:SegmentAge (05:00:00)");
        message.ShouldContain("names a source twice: a, a");
    }

    [Fact]
    public void AddStore_Twice_ChangesNothingAndAHostsOwnStoreWins()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IFeedStore>(_ => null!);
        IMlopsBuilder builder = services.AddMlopsCore().AddStore();
        int count = services.Count;

        builder.AddStore();

        services.Count.ShouldBe(count);
        services.Count(s => s.ServiceType == typeof(IFeedStore)).ShouldBe(1);
        services.Count(s => s.ServiceType == typeof(IHostedService)).ShouldBe(2);
    }
}
