using System.Globalization;
using Mlops.Benchmarks.Brokers;
using Mlops.Benchmarks.Cameras;
using Mlops.Benchmarks.Codec;
using Mlops.Benchmarks.Deploying;
using Mlops.Benchmarks.Harness;
using Mlops.Benchmarks.Ingest;
using Mlops.Benchmarks.Json;
using Mlops.Benchmarks.Neighbours;
using Mlops.Benchmarks.OpcUa;
using Mlops.Benchmarks.Predict;
using Mlops.Benchmarks.Reading;
using Mlops.Benchmarks.Store;
using Mlops.Benchmarks.Web;
using Mlops.Benchmarks.WholePath;
using Mlops.Python;

namespace Mlops.Benchmarks;

/// <summary>Runs the scenarios and writes their results: <c>--results FOLDER [--only NAME] [--quick] [--records COUNT]</c>; or <c>codec</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["node", string data, string model, string engine])
        {
            await NodeProcess.RunAsync(data, model, engine);
            return 0;
        }

        if (args is ["ingest-node", string ingestData])
        {
            await IngestNode.RunAsync(ingestData);
            return 0;
        }

        if (args is ["ingest-load", string ingestPort, string acknowledgement])
        {
            await IngestLoad.RunAsync(int.Parse(ingestPort, CultureInfo.InvariantCulture), byNotice: acknowledgement == "notice");
            return 0;
        }

        if (args is ["reading-node", string readingData, string readingRecords, string where])
        {
            await ReadingNode.RunAsync(readingData, int.Parse(readingRecords, CultureInfo.InvariantCulture), keepLog: where == "log");
            return 0;
        }

        if (args is ["opcua-client", string endpoint, string nodes, string interval, string policy])
        {
            await DriverProcess.RunAsync(endpoint, int.Parse(nodes, CultureInfo.InvariantCulture), int.Parse(interval, CultureInfo.InvariantCulture), policy);
            return 0;
        }

        if (args is ["camera-driver", string driverCamera, string driverSide, string driverRate, string driverPackets])
        {
            await CameraDriverProcess.RunAsync(driverCamera, int.Parse(driverSide, CultureInfo.InvariantCulture), int.Parse(driverRate, CultureInfo.InvariantCulture), int.Parse(driverPackets, CultureInfo.InvariantCulture));
            return 0;
        }

        if (args is ["camera-node", string nodeCamera, string nodeSide, string nodeRate, string nodePackets])
        {
            await CameraNodeProcess.RunAsync(nodeCamera, int.Parse(nodeSide, CultureInfo.InvariantCulture), int.Parse(nodeRate, CultureInfo.InvariantCulture), int.Parse(nodePackets, CultureInfo.InvariantCulture));
            return 0;
        }

        if (args is ["mqtt-broker"])
        {
            await BrokerProcess.RunAsync();
            return 0;
        }

        if (args is ["mqtt-load", string port])
        {
            await LoadProcess.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
            return 0;
        }

        if (args is ["web-load", string webPort])
        {
            await PacedLoad.RunAsync(int.Parse(webPort, CultureInfo.InvariantCulture));
            return 0;
        }

        if (args is ["web-listeners", string webAddress, string webFeed, string webListeners])
        {
            await Listeners.RunAsync(new Uri(webAddress), webFeed, int.Parse(webListeners, CultureInfo.InvariantCulture));
            return 0;
        }

        if (args is ["codec", .. string[] forBenchmarkDotNet])
        {
            CodecRun.Start(forBenchmarkDotNet);
            return 0;
        }

        if (Value(args, "--results") is not { } folder)
        {
            await Console.Error.WriteLineAsync("Say where the results go: --results FOLDER [--only NAME] [--quick].");
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stopping.Cancel();
        };
        await using var python = new PythonOfThisMachine();
        using var json = new JsonScenario();
        bool quick = args.Contains("--quick");
        int records = Value(args, "--records") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 10_000_000;
        IScenario[] all = [json, new CommitScenario(), new PredictScenario(python), new DeployScenario(python, quick), new NeighbourScenario(python, quick), new WholePathScenario(python, quick), new BrokerScenario(quick), new IngestScenario(python, quick), new ReadingScenario(python, records, quick), new OpcUaScenario(quick), new CamerasScenario(quick), new WebScenario(records, quick)];
        string? only = Value(args, "--only");
        IScenario[] chosen = [.. all.Where(s => only is null || s.Name == only)];
        if (chosen.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no scenario '{only}'. Known: {string.Join(", ", all.Select(s => s.Name))}.");
            return 2;
        }

        PythonInstallation installation = await python.LocateAsync(stopping.Token);
        foreach (IScenario scenario in chosen)
        {
            Console.WriteLine(scenario.Title);
            Machine machine = await Machine.DescribeAsync($"Python {installation.Version}");
            var comparison = new Comparison(Console.Out);
            await scenario.RunAsync(comparison, stopping.Token);
            ResultFiles.Write(folder, scenario, machine, comparison, Machine.LoadNow());
        }

        return 0;
    }

    private static string? Value(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
