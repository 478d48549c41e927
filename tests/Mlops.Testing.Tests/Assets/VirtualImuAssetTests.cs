using System.Text.Json;
using Mlops.Testing.Assets;
using Mlops.Testing.Imu;

namespace Mlops.Testing.Tests.Assets;

public class VirtualImuAssetTests
{
    private const string Metadata = "ie/m/j/simatic/v1/imu1/dp";
    private const string Data = "ie/d/j/simatic/v1/imu1/dp/r/worker1/";
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task PublishAsync_BothHands_ArriveInPacketsAsTheWorkMadeThem()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await using var asset = new VirtualImuAsset(new VirtualImuAssetOptions { Port = broker.Port, Work = { Seed = 9 }, Start = Start });
        await asset.ConnectAsync();
        await asset.PublishAsync(400);
        asset.Counts.RecordsAcknowledged.ShouldBe(4_000);
        await Wait.Until(() => listener.Count(Data + "right") + listener.Count(Data + "left") == 400);

        JsonElement[] collections = [.. listener.On(Metadata)[0].GetProperty("connections")[0].GetProperty("dataPoints").EnumerateArray()];
        collections.Select(c => (c.GetProperty("name").GetString(), c.GetProperty("publishType").GetString())).ShouldBe([("right", "timeseries"), ("left", "timeseries"), ("labels", "bulk")]);
        var radio = new ImuRadio(new ImuWorkOptions { Seed = 9 }, new ImuRadioOptions());
        var sent = new Dictionary<string, int>();
        for (var i = 0; i < 400; i++)
        {
            ImuPacket packet = radio.Next();
            string hand = packet.Hand == ImuHand.Right ? "right" : "left";
            JsonElement message = listener.On(Data + hand)[sent[hand] = sent.GetValueOrDefault(hand, -1) + 1];
            message.GetProperty("seq").GetInt64().ShouldBe(packet.Number);
            JsonElement[] records = [.. message.GetProperty("records").EnumerateArray()];
            records.Length.ShouldBe(10);
            records[3].GetProperty("rseq").GetInt64().ShouldBe(((packet.Number - 1) * 10) + 4);
            records[3].GetProperty("ts").GetDateTimeOffset().ShouldBe(Start + packet.Samples[3].Time);
            records[3].GetProperty("vals").EnumerateArray().Select(v => v.GetProperty("val").GetDouble()).ShouldBe(packet.Samples[3].ToArray());
        }
    }

    [Fact]
    public async Task PublishPendingLabelsAsync_AfterPackets_NamesEachActivityWithItsInterval()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await using var asset = new VirtualImuAsset(new VirtualImuAssetOptions { Port = broker.Port, Work = { Seed = 9 }, Start = Start });
        await asset.ConnectAsync();
        await asset.PublishAsync(600);
        await asset.PublishPendingLabelsAsync();
        await Wait.Until(() => listener.Count(Data + "labels") == asset.Counts.Labels);

        string[][] labels = [.. listener.On(Data + "labels").Select(m => m.GetProperty("vals").EnumerateArray().Select(v => v.GetProperty("val").GetString()!).ToArray())];
        labels.Length.ShouldBeGreaterThan(3);
        labels.ShouldAllBe(l => ImuText.Labels.Contains(l[2]) && l[3] == "inspector");
        (DateTime From, DateTime To)[] times = [.. labels.Select(l => (Utc(l[0]), Utc(l[1])))];
        times[0].From.ShouldBe(Start.UtcDateTime);
        times.ShouldAllBe(t => t.From < t.To);
        times.Zip(times.Skip(1)).ShouldAllBe(p => p.Second.From > p.First.To);
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind);
}
