using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker.Persistence;

public sealed class StoreFailureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_DatabaseIsDamaged_IsNamedAndSetAside()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mqtt.db"), new string('x', 10_000));
        await using var fixture = await StartAsync();
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("mqtt.db.damaged-");
        Directory.GetFiles(folder.Path, "mqtt.db.damaged-*").Length.ShouldBe(1);
        await fixture.Broker.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
    }

    [Fact]
    public async Task Create_FolderIsUsedByAnotherBroker_SaysSo()
    {
        await using var fixture = await StartAsync();
        Should.Throw<IOException>(() => new MqttBroker(new MqttBrokerOptions { Port = 0, DataFolder = folder.Path })).Message.ShouldContain(folder.Path);
    }

    [Fact]
    public async Task Publish_DiskIsFull_IsRefusedUntilThereIsRoomAgain()
    {
        await using var fixture = await StartAsync(options => options.MaxDataBytes = 1024 * 1024);
        var panel = await fixture.ConnectAsync(clientId: "panel", keepSession: true);
        await panel.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await panel.DisconnectAsync();
        var press = await fixture.ConnectAsync();
        using var old = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "old");
        int sent = 0;
        var publishing = Task.Run(async () =>
        {
            for (; ; sent++)
                await press.PublishAsync("a", new byte[50_000], MqttQualityOfService.AtLeastOnce);
        });
        await Eventually.True(() => fixture.Log.Warnings.Any(line => line.Contains("cannot write")));
        // The one that met the full disk is neither lost nor acknowledged, and whoever comes now is told.
        publishing.IsCompleted.ShouldBeFalse();
        var next = await fixture.ConnectAsync();
        (await Should.ThrowAsync<MqttException>(next.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce).AsTask()))
            .ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        (await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(clientId: "new", keepSession: true))).ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        await next.PublishAsync("nobody", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await old.PublishAsync(MqttProtocolVersion.V311, "a", "x"u8.ToArray(), 1, PublishFlags.AtLeastOnce);
        (await old.ReadToEndAsync()).ShouldBeNull();

        // The subscriber comes back and takes what waits for it: that makes room, and the held publish goes on.
        int before = Volatile.Read(ref sent);
        using var back = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "panel", cleanStart: false, expiry: 300);
        for (int i = 0; i <= before; i++)
        {
            var (_, body) = await back.ReadPacketAsync();
            await back.SendAsync(0x40, 2, body[3], body[4]);
        }

        await Eventually.True(() => Volatile.Read(ref sent) > before);
    }

    private Task<BrokerFixture> StartAsync(Action<MqttBrokerOptions>? configure = null) => BrokerFixture.StartAsync(options =>
    {
        options.DataFolder = folder.Path;
        configure?.Invoke(options);
    });
}
