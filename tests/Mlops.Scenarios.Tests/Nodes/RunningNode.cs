using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mlops.Ingest;
using Mlops.Mqtt;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>A node in a process of its own, with its data folder.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly RunningProcess _process;
    private int _questions;

    private RunningNode(RunningProcess process) => _process = process;

    public int Port { get; private set; }

    /// <summary>Gets the most memory it ever held, MiB.</summary>
    public double PeakMiB => double.Parse(Regex.Match(File.ReadAllText($"/proc/{_process.Id}/status"), @"VmHWM:\s+(\d+)").Groups[1].Value, CultureInfo.InvariantCulture) / 1024;

    public static string NewFolder() => Directory.CreateTempSubdirectory("mlops-node-").FullName;

    public static Task<RunningNode> StartAsync(string dataFolder, params string[] settings) => StartAsync([], dataFolder, settings);

    /// <param name="wrapper">A program, with its arguments, that runs another.</param>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="settings">Settings, "Section:Name=value" below <c>Mlops</c>.</param>
    public static async Task<RunningNode> StartAsync(string[] wrapper, string dataFolder, params string[] settings)
    {
        string[] command = [.. wrapper, "dotnet", "exec", Assembly.GetExecutingAssembly().Location, NodeChild.Verb, dataFolder, .. settings];
        var node = new RunningNode(RunningProcess.Start(command[0], command[1..], listens: true));
        try
        {
            node.Port = int.Parse((await node._process.WaitForAsync(@"(?m)^port (\d+)$", Patience)).Groups[1].Value, CultureInfo.InvariantCulture);
            return node;
        }
        catch
        {
            await node._process.DisposeAsync();
            throw;
        }
    }

    public async Task<MqttClient> ConnectAsync(string name)
    {
        var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = Port, ClientId = name });
        await client.ConnectAsync();
        return client;
    }

    public async Task<JsonElement> AskAsync(string question)
    {
        int number = ++_questions;
        await _process.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {question}"));
        Match answer = await _process.WaitForAsync(string.Create(CultureInfo.InvariantCulture, $@"(?m)^{number} (.*)$"), Patience);
        return JsonDocument.Parse(answer.Groups[1].Value).RootElement;
    }

    /// <summary>Asks something whose answer nobody waits for.</summary>
    public Task BeginAsync(string question) => _process.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{++_questions} {question}"));

    public void Kill() => _process.Kill();

    public async Task<IngestReport> ReportAsync() => (await AskAsync("report")).Deserialize<IngestReport>()!;

    /// <summary>Stops it gracefully: every record is then in a Parquet file.</summary>
    public async Task StopAsync()
    {
        _process.EndInput();
        (await _process.WaitAsync(Patience)).ShouldBe(0, _process.Output);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
