using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlops.Scenarios.Tests;

/// <summary>What a kill at any moment leaves behind.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kill_AtSeveralMomentsOfTheDemo_EveryAcknowledgedRecordIsThereOnceAndPredictionsResume()
    {
        using var folder = new DemoFolder();
        string data = Path.Combine(folder.Folder, "data");
        var random = new Random(11);
        var publisher = new CountingPublisher();
        int kills = Repository.Count(4, 50);
        for (int i = 0; i < kills; i++)
        {
            await using RunningProcess demo = folder.Start("--data", data);
            int port = await FindPortAsync(demo);
            using var stop = new CancellationTokenSource();
            Task publishing = publisher.RunAsync(port, stop.Token);

            // The first moments fall into collecting and training, later ones into predicting.
            await Task.Delay(TimeSpan.FromSeconds((i % 2 == 0 ? 1 : 6) + (random.NextDouble() * 3)));
            demo.Kill();
            await demo.WaitAsync(Patience);
            await stop.CancelAsync();
            await publishing;
        }

        // From here on the model must be there; the last run resumes, answers, and stops gracefully.
        await using (RunningProcess demo = folder.Start("--data", data))
        {
            await demo.WaitForAsync("answers onnx", Patience);
            await demo.WaitForAsync(@"[1-9]\d* predictions/s", Patience);
            demo.Signal("TERM");
            (await demo.WaitAsync(Patience)).ShouldBe(0, demo.Output);
        }

        (int exitCode, string output) = await folder.RunAsync("--once", "--data", data);
        exitCode.ShouldBe(0, output);
        output.ShouldContain("Resuming");

        List<long> stored = ParquetFolder.ReadNumbers(data, CountingPublisher.Feed, "number");
        publisher.Acknowledged.Count.ShouldBeGreaterThan(100);
        publisher.Acknowledged.Except(stored).ShouldBeEmpty("acknowledged, but not stored");
        stored.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty("stored twice");

        string predictions = ParquetFolder.FeedsWith(data, "source_row").ShouldHaveSingleItem();
        (long answers, long unanswered, long repeated) = ParquetFolder.Answered(data, predictions);
        answers.ShouldBeGreaterThan(100);
        unanswered.ShouldBe(0, "each stored record is answered");
        repeated.ShouldBe(0, "an answer that a kill took back is stored once");
    }

    [Fact]
    public async Task Sigterm_DuringIngest_ClosesEverythingIntoParquet()
    {
        using var folder = new DemoFolder();
        string data = Path.Combine(folder.Folder, "data");
        var publisher = new CountingPublisher();
        await using RunningProcess demo = folder.Start("--data", data);
        int port = await FindPortAsync(demo);
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(port, stop.Token);
        while (publisher.Acknowledged.Count < 500)
            await Task.Delay(20);

        demo.Signal("TERM");
        await demo.WaitAsync(Patience);
        await stop.CancelAsync();
        await publishing;

        List<long> stored = ParquetFolder.ReadNumbers(data, CountingPublisher.Feed, "number");
        publisher.Acknowledged.Except(stored).ShouldBeEmpty("acknowledged, but not stored");
        stored.Distinct().Count().ShouldBe(stored.Count);
        stored.SequenceEqual(stored.Order()).ShouldBeTrue("one client's records keep their order");
    }

    private static async Task<int> FindPortAsync(RunningProcess demo)
    {
        Match match = await demo.WaitForAsync(@"MQTT broker\s+127\.0\.0\.1:(\d+)", Patience);
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
