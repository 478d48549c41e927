using System.Globalization;
using System.Text.Json;
using Mlops.Benchmarks.Harness;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>A client in a process of its own, for one round.</summary>
internal static class ValueClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyDictionary<string, double>> MeasureOursAsync(string work, int seconds, CancellationToken stop)
    {
        await using Peer client = Peer.StartSelf("driver", ["opcua-client", .. work.Split(' ')]);
        return await MeasureAsync(client, seconds, stop);
    }

    public static async Task<IReadOnlyDictionary<string, double>> MeasureNodeOpcUaAsync(string peers, string work, int seconds, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-bench-");
        try
        {
            await using Peer client = Peer.Start("client", "node", [PythonOfThisMachine.PeerScript("opcua_client.cjs"), peers, folder.FullName, .. work.Split(' ')]);
            return await MeasureAsync(client, seconds, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async Task<IReadOnlyDictionary<string, double>> DecodeNodeOpcUaAsync(string peers, string file, int seconds, CancellationToken stop)
    {
        await using Peer client = Peer.Start("client", "node", PythonOfThisMachine.PeerScript("opcua_decode.cjs"), peers, file, (seconds * 500).ToString(CultureInfo.InvariantCulture));
        return JsonSerializer.Deserialize<Dictionary<string, double>>(await AnswerAsync(client, '{', stop))!;
    }

    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(Peer client, int seconds, CancellationToken stop)
    {
        await AnswerAsync(client, 'r', stop);
        // What is compiled and grown at first is not what runs for months.
        await Task.Delay(TimeSpan.FromSeconds(3), stop);
        double processor = client.ProcessorSeconds;
        await client.WriteLineAsync(seconds.ToString(CultureInfo.InvariantCulture));
        var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(await AnswerAsync(client, '{', stop))!;
        double used = client.ProcessorSeconds - processor;
        figures["processor"] = 100 * used / seconds;
        figures["processor per 100,000 values"] = used / figures["count"] * 100_000;
        figures["values"] = figures["count"] / seconds;
        return figures;
    }

    // node-opcua also writes remarks to its standard output.
    private static async Task<string> AnswerAsync(Peer client, char first, CancellationToken stop)
    {
        while (true)
        {
            string line = await client.ReadLineAsync(Patience, stop);
            if (line.StartsWith(first))
                return line;
        }
    }
}
