using System.Globalization;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.Cameras;

/// <summary>Our GenICam driver beside Aravis' own test program, and the way from a frame to its prediction.</summary>
/// <param name="quick">Whether each case has one short round, to see that everything runs.</param>
internal sealed class CamerasScenario(bool quick) : IScenario
{
    private const string Camera = "arv-fake-gv-camera-0.8";
    private const string Address = "127.0.0.1";
    private const int Jumbo = 8000;
    private const int Rounds = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public string Name => "cameras";

    public string Title => "Frames of a GigE Vision camera";

    public string Method =>
        $"A GigE Vision camera ({Camera}) sends frames over the loopback network. Ours is the driver as a node runs it, in a process of its own with a sink that takes records and keeps none; no picture is stored. "
        + "The baseline is arv-camera-test, written in C by the makers of Aravis, which only counts frames. Aravis receives packets on a thread of its own, which both have: what ours takes beyond the baseline is the driver's. "
        + $"Packets of 1,400 bytes are those of ordinary networks, {Jumbo} those of jumbo frames, which docs/drivers/genicam.md advises; where nothing is said they are jumbo. "
        + "Processor: user and system time of the process a second. "
        + "Allocated: by the whole process of ours, for each frame. Incomplete: frames of which packets were missing; starved: frames for which there was no buffer. Latency to the record: from the first packet of a frame until its record was written. "
        + "Latency to the prediction: from the first packet until the answer of a model came that looks at each pixel, in a whole node with store and Python in process, pictures not stored.";

    private int Seconds => quick ? 4 : 60;

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        using FileStream turn = await TakeTurnAsync(stop);
        foreach (var (side, rate, packets) in new[] { (512, 190, 1400), (512, 190, Jumbo), (2048, 40, Jumbo) })
        {
            await comparison.RunAsync(
                $"{Case(side, rate)} in packets of {packets} bytes", Rounds, [new Metric("processor", "% of a core")],
                new Contender("Mlops.Drivers.GenICam", token => MeasureAsync("camera-driver", side, rate, packets, token)),
                new Contender("arv-camera-test", token => MeasureAravisAsync(side, rate, packets, token)), stop);
        }

        foreach (var (side, rate) in new[] { (512, 190), (2048, 40) })
        {
            await comparison.RunAsync(
                Case(side, rate), Rounds,
                [new Metric("frames", "frames/s", HigherIsBetter: true), new("incomplete", "frames"), new("starved", "frames"), new("allocated a frame", "B"), new("resident", "MiB"), new("latency p50", "ms"), new("latency p99", "ms")],
                new Contender("to the record", token => MeasureAsync("camera-driver", side, rate, Jumbo, token)),
                new Contender("to the prediction", token => MeasureAsync("camera-node", side, rate, Jumbo, token)), stop);
        }

        if (quick)
            comparison.Notes.Add("One short round for each case: the figures only show that everything runs.");
    }

    private async Task<IReadOnlyDictionary<string, double>> MeasureAsync(string role, int side, int rate, int packets, CancellationToken stop)
    {
        await using Peer camera = Peer.StartServer("camera", Camera, "-i", Address, "-s", "GV01");
        await using Peer driver = Peer.StartSelfAsHost(role, role, Address, $"{side}", $"{rate}", $"{packets}");
        await ReadAsync(driver, 'r', stop);

        // What is compiled and grown at first is not what runs for months.
        await Task.Delay(TimeSpan.FromSeconds(quick ? 2 : 5), stop);
        double processor = driver.ProcessorSeconds;
        await driver.WriteLineAsync(Seconds.ToString(CultureInfo.InvariantCulture));
        var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(await ReadAsync(driver, '{', stop))!;
        figures["processor"] = 100 * (driver.ProcessorSeconds - processor) / Seconds;
        figures["resident"] = driver.ResidentMiB;
        return figures;
    }

    private async Task<IReadOnlyDictionary<string, double>> MeasureAravisAsync(int side, int rate, int packets, CancellationToken stop)
    {
        await using Peer camera = Peer.StartServer("camera", Camera, "-i", Address, "-s", "GV01");
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        await using Peer client = Peer.StartServer("arv-camera-test", "arv-camera-test-0.8", "-n", Address, "-w", $"{side}", "-h", $"{side}", "-f", $"{rate}", "-i", $"{packets}", "--no-packet-socket");
        await Task.Delay(TimeSpan.FromSeconds(quick ? 2 : 5), stop);
        double processor = client.ProcessorSeconds;
        await Task.Delay(TimeSpan.FromSeconds(Seconds), stop);
        return new Dictionary<string, double> { ["processor"] = 100 * (client.ProcessorSeconds - processor) / Seconds };
    }

    private static async Task<string> ReadAsync(Peer peer, char first, CancellationToken stop)
    {
        while (true)
        {
            string line = await peer.ReadLineAsync(Patience, stop);
            if (line.StartsWith(first))
                return line;
        }
    }

    private static string Case(int side, int rate) => $"{side} x {side} at {rate} frames/s";

    /// <summary>Waits until no other camera of this machine has the port of GigE Vision, as our tests do.</summary>
    private static async Task<FileStream> TakeTurnAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Path.GetTempPath(), "mlops-gige-camera.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100, stop);
            }
        }
    }
}
