using System.Text.Json.Nodes;
using Mlops.Drivers;

namespace Mlops.Web.Tests.Assets;

/// <summary>Drivers of presses that have one method, and are found at one address.</summary>
internal sealed class PressFactory : IHighLevelDriverFactory, IDiscoveringDriverFactory
{
    public string Kind => "press";

    public Type SettingsType => typeof(PressSettings);

    public IHighLevelDriver Create(string asset, object settings) => new Press();

    public ValueTask<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string? address, CancellationToken cancellationToken) => address switch
    {
        null => new([]),
        "hall-1" => new([new DiscoveredAsset("Press 4", new JsonObject { ["address"] = "hall-1/4" }, "idle")]),
        "hall-2" => throw new IOException("Hall 2 is dark. Switch it on."),
        _ => throw new ArgumentException($"'{address}' is not a hall. Give one like 'hall-1'."),
    };

    internal sealed class PressSettings
    {
        public string Address { get; set; } = "";
    }

    private sealed class Press : IHighLevelDriver, ICallableDriver
    {
        public async Task RunAsync(IRecordSink sink, CancellationToken stop)
        {
            sink.Report(DriverState.Connected);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public ValueTask<IReadOnlyList<object?>> CallAsync(string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) => method switch
        {
            "list" => new([.. arguments, arguments.Count, new double[] { 1.5, double.NaN }]),
            "stuck" => throw new IOException("the ram does not move. Release the guard."),
            _ => throw new ArgumentException($"There is no method '{method}'. There are 'list' and 'stuck'."),
        };

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
