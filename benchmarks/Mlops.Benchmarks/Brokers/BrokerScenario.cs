using System.Globalization;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Brokers;

/// <summary>Our broker beside mosquitto and aedes.</summary>
/// <param name="quick">Whether each case has one short round, to see that everything runs.</param>
internal sealed class BrokerScenario(bool quick) : IScenario
{
    private const int Pairs = 2;
    private const int MessagesForPercentiles = 10_000;
    private static readonly Metric s_throughput = new("throughput", "messages/s", HigherIsBetter: true);
    private static readonly Metric s_processor = new("processor per 100,000 messages", "s");
    private static readonly Metric[] s_latency = [new("p50", "ms"), new("p99", "ms"), s_processor];

    public string Name => "brokers";

    public string Title => "A message through the broker";

    public string Method =>
        "Each broker is one process with a load process of its own, which is the same program for all: our client, MQTT 3.1.1, messages of "
        + $"{Load.PayloadSize} bytes over the loopback interface. Throughput: {Pairs} publishers with a subscriber each and a bounded number of messages on their way, so that none is dropped; "
        + "messages that arrived a second. Latency: one publisher at a steady rate, from the call to the read that brought the message. Fan-out: one publisher, many subscribers, QoS 0; "
        + "messages that arrived a second. Memory: growth of the broker's resident memory by connections that do nothing, divided by their number. Processor: user and system time of the broker alone. "
        + "Ours has its default settings and runs on the threads of the sockets (`DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1`), as recommended for a broker in a process of its own; "
        + "mosquitto has `set_tcp_nodelay true` and no bounds on queues; aedes runs on Node.js without persistence and with `noDelay`. "
        + "Load and broker share the machine's cores: where the load process is the limit, the ratio of the throughputs tends to 1 and the processor time tells more.";

    private int Seconds => quick ? 1 : 2;

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        await CompareAsync(comparison, quick ? 1 : 3, MeasuredBroker.StartMosquittoAsync, stop);
        await CompareAsync(comparison, 1, MeasuredBroker.StartAedesAsync, stop);
        if (quick)
            comparison.Notes.Add("One short round for each case: the figures only show that everything runs.");
    }

    private async Task CompareAsync(Comparison comparison, int rounds, Func<CancellationToken, Task<MeasuredBroker>> start, CancellationToken stop)
    {
        await using MeasuredBroker ours = await MeasuredBroker.StartOursAsync(stop);
        await using MeasuredBroker other = await start(stop);
        foreach (int quality in new[] { 0, 1 })
        {
            await RunAsync($"{other.Name}: QoS {quality}", $"window {quality} {Pairs} {Seconds}", [s_throughput, s_processor]);
            comparison.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"Beside {other.Name}, QoS {quality}: {ours.Name} has allocated {ours.AllocatedPerMessage:0.00} B a message, all that its process did included."));
        }

        foreach (int perSecond in new[] { 500, 5_000 })
        {
            // Of a thousand messages the p99 is that of ten, and the processor time of a few ticks of the clock.
            int seconds = quick ? Seconds : Math.Max(Seconds, MessagesForPercentiles / perSecond);
            foreach (int quality in new[] { 0, 1 })
                await RunAsync($"{other.Name}: QoS {quality} at {perSecond}/s", $"rate {quality} {perSecond} {seconds}", s_latency);
        }

        int subscribers = quick ? 20 : 200;
        await RunAsync($"{other.Name}: 1 to {subscribers}", $"fan-out {subscribers} {Seconds}", [s_throughput, s_processor]);
        int idle = quick ? 100 : 1_000;
        await comparison.RunAsync(
            $"{other.Name}: {idle} idle connections", 1, [new Metric("memory per connection", "KiB")],
            new Contender(ours.Name, token => IdleAsync(MeasuredBroker.StartOursAsync, idle, token)),
            new Contender(other.Name, token => IdleAsync(start, idle, token)), stop);

        Task RunAsync(string name, string work, IReadOnlyList<Metric> metrics) => comparison.RunAsync(
            name, rounds, metrics, new Contender(ours.Name, token => ours.RoundAsync(work, token)), new Contender(other.Name, token => other.RoundAsync(work, token)), stop);
    }

    private static async Task<IReadOnlyDictionary<string, double>> IdleAsync(Func<CancellationToken, Task<MeasuredBroker>> start, int connections, CancellationToken stop)
    {
        await using MeasuredBroker fresh = await start(stop);
        return await fresh.IdleAsync(connections, stop);
    }
}
