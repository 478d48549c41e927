using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Mqtt;
using Mlops.Prediction;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Quality;
using Mlops.Store;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Candidates;

public sealed class CandidateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-candidate").FullName;

    [Fact]
    public async Task Shadow_OtherLimit_AnswersSilentlyAndAgreementIsMeasured()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, mqtt: true);
        (DeploymentInfo deployment, string candidate) = await ClassifiersAsync(node);
        var published = new ConcurrentQueue<string>();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = node.Get<IMqttEndpoint>().Port });
        await client.ConnectAsync();
        await client.SubscribeAsync("ie/d/j/simatic/v1/node1/dp/r/#", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            published.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload));
            return ValueTask.CompletedTask;
        });
        deployment = await node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = candidate });

        for (int i = 0; i < 10; i++)
            await node.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]);
        await PredictionNode.UntilAsync(() => Agreement(node, deployment)?.Count == 1000);

        AnswerFigures agreement = Agreement(node, deployment)!;
        agreement.Accuracy!.Value.ShouldBe(0.9, 1e-9, "from 50 to 59 they differ");
        Gauges.Read(PredictionInstruments.AgreementName, ("deployment", deployment.Id), ("model", candidate))!.Value.ShouldBe(0.9, 1e-9);
        agreement.Confusion.ShouldBe([new("high", "high", 400), new("high", "low", 100), new("low", "low", 500)]);
        agreement.Classes.Single(c => c.Name == "high").Recall.ShouldBe(0.8);
        deployment.Candidate!.PredictionFeed.ShouldNotBe(deployment.PredictionFeed);
        (await node.AnswersAsync(deployment.Id)).ShouldAllBe(a => a.Model == deployment.Request.Model);
        node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == deployment.Candidate.PredictionFeed).Records.ShouldBe(1000);
        await PredictionNode.UntilAsync(() => published.Count == 1000);
        published.Count(m => m.Contains(deployment.Request.Model, StringComparison.Ordinal)).ShouldBe(1000, "each names its model");
        published.ShouldNotContain(m => m.Contains(candidate, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shadow_HostRestarted_GoesOnAndCountsEachRecordOnce()
    {
        string id;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            (DeploymentInfo deployment, string candidate) = await ClassifiersAsync(node);
            id = deployment.Id;
            await node.Deployments.StartCandidateAsync(id, new CandidateRequest { Model = candidate });
            await node.WaitAsync(id, await node.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]));
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        await PredictionNode.UntilAsync(() => again.Deployments.Find(id) is { State: DeploymentState.Running, Candidate: { Reason: null, Agreement: not null } });
        await again.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]);
        await PredictionNode.UntilAsync(() => Agreement(again, again.Deployments.Find(id)!)?.Count >= 200);

        AnswerFigures agreement = Agreement(again, again.Deployments.Find(id)!)!;
        agreement.Count.ShouldBe(200);
        agreement.Accuracy!.Value.ShouldBe(0.9, 1e-9);
    }

    [Fact]
    public async Task Canary_OfAThird_AnswersTheRecordsItsHashChoosesInOrder()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        string candidate = await node.TrainAsync(_folder, 3);
        await node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = candidate, Kind = CandidateKind.Canary, Share = 0.33 });

        long last = 0;
        for (int i = 0; i < 20; i++)
            last = await node.WriteAsync([.. Enumerable.Range(0, 50).Select(v => (double)v)]);
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBe(1000);
        answers.Select(a => a.Source.Row).Distinct().Count().ShouldBe(1000);
        answers.ShouldAllBe(a => a.Model == (CanaryShare.Takes(a.Source.Row, 0.33) ? candidate : deployment.Request.Model));
        answers.Select((a, i) => (Value: (double)a.Values["twice"]!, Expected: i % 50 * (a.Model == candidate ? 3.0 : 2.0))).ShouldAllBe(a => a.Value.Equals(a.Expected));
        answers.Count(a => a.Model == candidate).ShouldBeInRange(250, 410);
        (await StoredRowsAsync(node, deployment.PredictionFeed)).ShouldBe(answers.Select(a => a.Source.Row), "answers keep the order of their records");
    }

    [Fact]
    public async Task Canary_ThatFails_CostsNobodyAnAnswer()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        string candidate = await node.TrainAsync(_folder, 3);
        await node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = candidate, Kind = CandidateKind.Canary, Share = 0.5 });
        node.Runtime.BrokenFactor = 3;

        long last = 0;
        for (int i = 0; i < 20; i++)
            last = await node.WriteAsync(i, i);
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBe(40);
        answers.ShouldAllBe(a => a.Model == deployment.Request.Model && a.Values["twice"] != null);
        DeploymentInfo info = node.Deployments.Find(deployment.Id)!;
        info.State.ShouldBe(DeploymentState.Running);
        info.Candidate!.Reason!.ShouldContain("factor 3 is broken");
    }

    [Fact]
    public async Task Canary_ProductionFails_BothKeepTheirAnswersAndTheirOrder()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        string candidate = await node.TrainAsync(_folder, 3);
        await node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = candidate, Kind = CandidateKind.Canary, Share = 0.5 });
        node.Runtime.BrokenFactor = 2;
        long last = await node.WriteAsync([.. Enumerable.Range(0, 60).Select(v => (double)v)]);
        await PredictionNode.UntilAsync(() => node.Deployments.Find(deployment.Id)!.State == DeploymentState.Faulted);

        await node.Deployments.EndCandidateAsync(deployment.Id);
        node.Runtime.BrokenFactor = null;
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBe(60, "what the canary had answered is kept");
        answers.Where(a => CanaryShare.Takes(a.Source.Row, 0.5)).ShouldAllBe(a => a.Model == candidate);
        (await StoredRowsAsync(node, deployment.PredictionFeed)).ShouldBe(answers.Select(a => a.Source.Row));
    }

    [Theory]
    [InlineData(CandidateKind.Shadow)]
    [InlineData(CandidateKind.Canary)]
    public async Task Promote_ThenRollBack_SwitchesWithoutLossAndSurvivesARestart(CandidateKind kind)
    {
        string id, one, two;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await node.WriteAsync(1);
            one = await node.TrainAsync(_folder);
            two = await node.TrainAsync(_folder, 3);
            id = (await node.DeployAsync(one)).Id;
            await node.Deployments.StartCandidateAsync(id, new CandidateRequest { Model = two, Kind = kind, Author = "ada" });
            await node.WriteAsync(10);

            DeploymentInfo promoted = await node.Deployments.PromoteAsync(id, "grace");

            promoted.Request.Model.ShouldBe(two);
            promoted.PreviousModel.ShouldBe(one);
            promoted.Candidate.ShouldBeNull();
            await node.WaitAsync(id, await node.WriteAsync(20));
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        await PredictionNode.UntilAsync(() => again.Deployments.Find(id)!.State == DeploymentState.Running);
        again.Deployments.Find(id)!.Request.Model.ShouldBe(two);
        DeploymentInfo back = await again.Deployments.RollbackAsync(id);
        await again.WaitAsync(id, await again.WriteAsync(30));

        back.Request.Model.ShouldBe(one);
        back.PreviousModel.ShouldBeNull();
        List<PredictionResult> answers = await again.AnswersAsync(id);
        answers.Count.ShouldBe(3);
        answers[1].Values["twice"].ShouldBe(60.0);
        answers[2].Values["twice"].ShouldBe(60.0);
        answers[2].Model.ShouldBe(one);
        again.Get<ILifecycle>().List(id).Select(e => (e.Action, e.Model, e.Author)).ShouldBe([
            (LifecycleAction.RolledBack, one, null), (LifecycleAction.Promoted, two, "grace"), (LifecycleAction.CandidateStarted, two, "ada"), (LifecycleAction.Started, one, null)]);
    }

    [Fact]
    public async Task Candidate_ThatCannotBe_SaysWhyAndChangesNothing()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string one = await node.TrainAsync(_folder);
        string other = await node.TrainClassifierAsync(_folder, 50);
        DeploymentInfo deployment = await node.DeployAsync(one);

        await ShouldRefuseAsync(() => node.Deployments.RollbackAsync(deployment.Id), "no model before");
        await ShouldRefuseAsync(() => node.Deployments.PromoteAsync(deployment.Id), "tries no candidate");
        await ShouldRefuseAsync(() => node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = one }), "production model");
        await ShouldRefuseAsync(() => node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = other }), "belongs to workflow 'side'");
        await ShouldRefuseAsync(() => node.Deployments.StartCandidateAsync(deployment.Id, new CandidateRequest { Model = other, Kind = CandidateKind.Canary, Share = 2 }), "above 0 and up to 1");
        await ShouldRefuseAsync(() => node.Deployments.PromoteAsync("d-none"), "no deployment 'd-none'");

        node.Deployments.Find(deployment.Id)!.Candidate.ShouldBeNull();
        await node.WaitAsync(deployment.Id, await node.WriteAsync(4));
        (await node.AnswersAsync(deployment.Id)).Single(a => (double)a.Values["twice"]! == 8).Model.ShouldBe(one);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Takes_ManyPositions_ChoosesTheShare(double share) =>
        (Enumerable.Range(1, 100_000).Count(p => CanaryShare.Takes(p, share)) / 100_000.0).ShouldBe(share, 0.01 * Math.Sqrt(share));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task ShouldRefuseAsync(Func<Task> change, string reason) =>
        (await Should.ThrowAsync<WorkflowException>(change)).Message.ShouldContain(reason);

    private static AnswerFigures? Agreement(PredictionNode node, DeploymentInfo deployment) => node.Deployments.Find(deployment.Id)!.Candidate?.Agreement;

    private static async Task<List<long>> StoredRowsAsync(PredictionNode node, string feed)
    {
        var rows = new List<long>();
        await foreach (RecordBatch batch in node.Get<IFeedReader>().ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
                rows.AddRange(batch.Column("source_row").Values<long>());
        }

        return rows;
    }

    private async Task<(DeploymentInfo Deployment, string Candidate)> ClassifiersAsync(PredictionNode node)
    {
        await node.WriteAsync(1);
        string production = await node.TrainClassifierAsync(_folder, 50);
        string candidate = await node.TrainClassifierAsync(_folder, 60);
        return (await node.DeployAsync(production), candidate);
    }
}
