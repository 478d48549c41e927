using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Tests.Databus;

namespace Mlops.Scenarios.Tests;

/// <summary>A node that is killed again and again while it answers a publisher's records as fast as they come, on a broker that stays.</summary>
public sealed class PredictionKillTests : IDisposable
{
    private const string App = "press1", Collection = "kept", Topic = "ie/d/j/simatic/v1/node/dp/r/kill/answers";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-answers-").FullName;
    private readonly Dictionary<long, Answer> _published = [];
    private readonly HashSet<long> _numbers = [];
    private readonly Lock _gate = new();

    [Fact]
    public async Task Kill_WhileItPredictsUnderLoad_EveryStoredRecordIsAnsweredAndRepeatsNameTheSameRow()
    {
        int kills = Repository.Count(2, 50);
        var random = new Random(23);
        string feed = BusText.Feed(App, Collection), data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttClient reader = await SubscribeAsync(broker.Port);
        var publisher = new ResendingPublisher(App, [Collection], TimeSpan.FromMilliseconds(20));
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(broker.Port, stop.Token);
        string[] arguments =
        [
            "exec", Assembly.GetExecutingAssembly().Location, PredictingChild.Verb, data, broker.Port.ToString(CultureInfo.InvariantCulture), feed, Package(),
        ];
        for (int kill = 0; kill < kills; kill++)
        {
            await using RunningProcess node = RunningProcess.Start("dotnet", arguments, listens: true);
            await node.WaitForAsync($"(?m)^running in-process {Topic}$", s_patience);
            int before = Answered, more = random.Next(1, 500);
            await UntilAsync(() => Answered >= before + more, node);
            await Task.Delay(random.Next(50));
            node.Kill();
            await node.WaitAsync(s_patience);
        }

        await using RunningProcess last = RunningProcess.Start("dotnet", arguments, listens: true);
        await last.WaitForAsync("(?m)^running", s_patience);
        await stop.CancelAsync();
        await publishing.WaitAsync(s_patience);
        await UntilAsync(() => HasNumber(publisher.Made), last);
        last.EndInput();
        (await last.WaitAsync(s_patience)).ShouldBe(0, last.Output);

        List<long> stored = ParquetFolder.ReadNumbers(data, feed, "number"), rows = ParquetFolder.ReadNumbers(data, feed, "_position");
        stored.ShouldBe(Enumerable.Range(0, stored.Count).Select(i => publisher.Made - stored.Count + 1 + i), "each record is stored once, in order");
        (long answers, long unanswered, long repeated) = ParquetFolder.Answered(data, ParquetFolder.FeedsWith(data, "source_row").ShouldHaveSingleItem());
        (answers, unanswered, repeated).ShouldBe((stored.Count, 0, 0), "each stored record has one stored answer");
        lock (_gate)
        {
            rows.Where(row => !_published.ContainsKey(row)).ShouldBeEmpty("each stored record's answer was published");
            foreach ((long row, long number) in rows.Zip(stored))
                _published[row].Number.ShouldBe(number, "an answer names its record");
            _published.Values.ShouldAllBe(answer => answer.IsRight && answer.IsSame);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private int Answered
    {
        get
        {
            lock (_gate)
                return _published.Count;
        }
    }

    private bool HasNumber(long number)
    {
        lock (_gate)
            return _numbers.Contains(number);
    }

    private async Task<MqttClient> SubscribeAsync(int port)
    {
        var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "reader", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) });
        await client.StartAsync();
        await client.SubscribeAsync(Topic, MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            using JsonDocument text = JsonDocument.Parse(Encoding.UTF8.GetString(message.Payload));
            JsonElement source = text.RootElement.GetProperty("source"), values = text.RootElement.GetProperty("vals");
            long row = source.GetProperty("row").GetInt64(), number = source.GetProperty("seq").GetInt64();
            bool isRight = Number(values[0]) == number && Number(values[1]) == number * 2;
            lock (_gate)
            {
                _numbers.Add(number);
                _published[row] = _published.TryGetValue(row, out Answer? before) ? new(number, isRight && before.IsRight, before.IsSame && before.Number == number) : new(number, isRight, true);
            }

            return ValueTask.CompletedTask;
        });
        return client;
    }

    private string Package()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "package")).FullName;
        File.WriteAllText(Path.Combine(folder, "workflow.yaml"), """
            name: doubles
            version: 1.0.0
            runtime: python
            inputs: [{name: number, type: integer}]
            output: {fields: [{name: same, type: integer}, {name: twice, type: integer}]}
            """);
        File.WriteAllText(Path.Combine(folder, "workflow.py"), """
            def train(data, params, run):
                return 2

            def predict(model, batch):
                return {"same": batch["number"], "twice": batch["number"] * model}
            """);
        return folder;
    }

    // 64-bit numbers are texts on the databus.
    private static long Number(JsonElement entry)
    {
        JsonElement value = entry.GetProperty("val");
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
    }

    private static async Task UntilAsync(Func<bool> condition, RunningProcess node)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            node.HasExited.ShouldBeFalse(node.Output);
            await Task.Delay(2, deadline.Token);
        }
    }

    /// <summary>What was published for a row: for which record, whether all its answers were right, and whether all named the same record.</summary>
    private sealed record Answer(long Number, bool IsRight, bool IsSame);
}
