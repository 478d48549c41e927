using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Tests.Peers;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Tests.Client;

public sealed class TransferTests
{
    [Fact]
    public async Task TransferSubscriptions_ToANewSession_GoesOnReportingThere()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 2, interval = 50 });
        using var folder = new TemporaryFolder();
        using var store = new CertificateStore(new OpcUaOptions(), folder.Path, TimeProvider.System);
        // Only a user that is known, over a channel that shows who asks, may take over what another session has left.
        var settings = new ClientSettings(new Uri(server.Endpoint))
        {
            Policy = SecurityPolicy.Basic256Sha256,
            Mode = MessageSecurityMode.SignAndEncrypt,
            TrustServer = true,
            CheckHost = false,
            User = new UserIdentity("operator", "s3cret"),
            CallTimeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(60),
        };
        await using UaSession first = await UaSession.ConnectAsync(settings, store, TimeProvider.System, default);
        UaSubscription subscription = await UaSubscription.CreateAsync(first, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), default);
        (await subscription.AddAsync(first, [new MonitoredItem(7, new AttributeOf(NodeId.Parse("ns=1;s=N1")), TimeSpan.FromMilliseconds(50), 10)], default))[0].IsGood.ShouldBeTrue();
        await using UaSession second = await UaSession.ConnectAsync(settings, store, TimeProvider.System, default);

        var results = await second.CallAsync(new TransferSubscriptionsRequest([subscription.Id], SendInitialValues: false), default);

        results.ShouldHaveSingleItem().Status.IsGood.ShouldBeTrue(results[0].Status.ToString());
        var seen = new TaskCompletionSource<uint>();
        using var stop = new CancellationTokenSource();
        var all = new Dictionary<uint, UaSubscription> { [subscription.Id] = subscription };
        Task loop = new PublishLoop(second, () => all, (_, notification, _) =>
        {
            seen.TrySetResult(notification.Changes[0].Handle);
            return ValueTask.CompletedTask;
        }, _ => { }, TimeProvider.System).RunAsync(stop.Token);
        (await Eventually.Within(seen.Task)).ShouldBe(7u);
        await stop.CancelAsync();
        await Eventually.Within(loop.ContinueWith(static _ => { }, TaskScheduler.Default));
    }
}
