using Mlops.Prediction;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Quality;
using Mlops.Store;

namespace Mlops.Tests.Prediction.Quality;

public sealed class QualityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-quality").FullName;

    [Fact]
    public async Task Labels_ThatComeLater_AreComparedWithTheAnswersOfEachModel()
    {
        string id, production, shadow;
        await using (PredictionNode node = await StartAsync())
        {
            await node.WriteAsync(1);
            production = await node.TrainClassifierAsync(_folder, 50);
            shadow = await node.TrainClassifierAsync(_folder, 60);
            id = (await node.DeployAsync(production)).Id;
            await node.Deployments.StartCandidateAsync(id, new CandidateRequest { Model = shadow });
            long last = await node.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]);
            await node.WaitAsync(id, last);

            await AddAsync(node, [.. Enumerable.Range(0, 100).Select(v => new Label { Set = "side", Value = v >= 60 ? "high" : "low", Position = last - 99 + v })]);
            await PredictionNode.UntilAsync(() => Of(node, id, shadow)?.Total.Count == 100 && Of(node, id, production)?.Total.Count == 100);

            Of(node, id, production)!.Total.Accuracy!.Value.ShouldBe(0.9, 1e-9);
            Of(node, id, production)!.Total.Confusion.ShouldContain(new ConfusionCell("low", "high", 10));
            Of(node, id, production)!.Shadow.ShouldBeFalse();
            Of(node, id, production)!.Window.Count.ShouldBe(20);
            Of(node, id, production)!.Window.Accuracy.ShouldBe(1, "of the newest twenty");
            Of(node, id, shadow)!.Total.Accuracy.ShouldBe(1);
            Of(node, id, shadow)!.Shadow.ShouldBeTrue();
            foreach ((string model, bool isShadow) in ((string, bool)[])[(production, false), (shadow, true)])
            {
                Gauges.Read(PredictionInstruments.AccuracyName, ("deployment", id), ("model", model), ("shadow", isShadow)).ShouldBe(1);
                Gauges.Read(PredictionInstruments.MacroF1Name, ("deployment", id), ("model", model), ("shadow", isShadow)).ShouldBe(1);
            }

            // Somebody corrects a label: it counts once, with its new value.
            await AddAsync(node, new Label { Set = "side", Value = "high", Position = last - 99 + 55 });
            await PredictionNode.UntilAsync(() => Of(node, id, production)!.Total.Accuracy > 0.905);
            Of(node, id, production)!.Total.Count.ShouldBe(100);
            Of(node, id, production)!.Total.Accuracy!.Value.ShouldBe(0.91, 1e-9);
        }

        await using PredictionNode again = await StartAsync();
        await PredictionNode.UntilAsync(() => Of(again, id, production)?.Total.Count == 100);
        Of(again, id, production)!.Total.Accuracy!.Value.ShouldBe(0.91, 1e-9);
    }

    [Fact]
    public async Task Labels_BySequenceKeyAndInterval_FindTheirAnswers()
    {
        await using PredictionNode node = await StartAsync();
        await node.WriteAsync(1);
        string model = await node.TrainClassifierAsync(_folder, 50);
        string id = (await node.DeployAsync(model)).Id;
        await node.Get<Mlops.Ingest.IFeedWriter>().WriteAsync(PredictionNode.Feed, [.. Enumerable.Range(0, 3).Select(i =>
            new Mlops.Ingest.FeedRecord(DateTimeOffset.UnixEpoch.AddHours(i + 1), new Dictionary<string, object?> { ["x"] = 70.0 + i }))]);
        await node.WaitAsync(id, node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == PredictionNode.Feed).LastPosition);
        long hour = 3_600_000_000_000;

        await AddAsync(
            node,
            new Label { Set = "side", Value = "low", KeyField = "x", KeyValue = "70" },
            new Label { Set = "side", Value = "high", From = 2 * hour, To = (3 * hour) + 1 });
        await PredictionNode.UntilAsync(() => Of(node, id, model)?.Total.Count == 3);

        Of(node, id, model)!.Total.Confusion.ShouldBe([new("high", "high", 2), new("low", "high", 1)]);
    }

    [Fact]
    public async Task Labels_BeforeTheirAnswer_Wait()
    {
        await using PredictionNode node = await StartAsync();
        await node.WriteAsync(1);
        string model = await node.TrainClassifierAsync(_folder, 50);
        string id = (await node.DeployAsync(model)).Id;
        var busy = new TaskCompletionSource();
        node.Runtime.Before = () => busy.Task;
        long position = await node.WriteAsync(80);
        await AddAsync(node, new Label { Set = "side", Value = "high", Position = position }, new Label { Set = "side", Value = "low", Position = 1 });
        await PredictionNode.UntilAsync(() => node.Get<IFeedStore>().GetCursor($"labels-seen:{id}") > 0);

        busy.SetResult();
        await PredictionNode.UntilAsync(() => Of(node, id, model)?.Total.Count == 1);

        Of(node, id, model)!.Total.Accuracy.ShouldBe(1);
    }

    [Fact]
    public async Task Labels_AtTheSameTimeAsTheirAnswers_AreAllCompared()
    {
        await using PredictionNode node = await StartAsync();
        await node.WriteAsync(1);
        string model = await node.TrainClassifierAsync(_folder, 50);
        string id = (await node.DeployAsync(model)).Id;
        for (int i = 0; i < 200; i++)
        {
            long position = await node.WriteAsync(i % 100);
            await AddAsync(node, new Label { Set = "side", Value = i % 100 >= 50 ? "high" : "low", Position = position });
        }

        await PredictionNode.UntilAsync(() => Of(node, id, model)?.Total.Count == 200);

        Of(node, id, model)!.Total.Accuracy.ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ModelQuality? Of(PredictionNode node, string deployment, string model) =>
        node.Deployments.Find(deployment)!.Quality.SingleOrDefault(q => q.Model == model);

    private static Task<int> AddAsync(PredictionNode node, params Label[] labels) => node.Get<ILabels>().AddAsync(PredictionNode.Feed, labels);

    private Task<PredictionNode> StartAsync() =>
        PredictionNode.StartAsync(_folder, settings: [("Mlops:Prediction:QualityWindow", "20"), ("Mlops:Prediction:QualityInterval", "00:00:00.01")]);
}
