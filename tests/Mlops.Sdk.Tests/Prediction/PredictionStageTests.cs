using System.Collections.Concurrent;
using System.Text.Json;
using Mlops.Databus;
using Mlops.Mqtt;
using Mlops.Prediction;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

public sealed class PredictionStageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-prediction").FullName;

    [Fact]
    public async Task Deployment_RecordsAfterItsStart_AnswersEachOnceInOrder()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1, 2, 3);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));

        long last = 0;
        for (int i = 0; i < 50; i++)
            last = await node.WriteAsync(i * 10, (i * 10) + 1, (i * 10) + 2);
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Select(a => (double)a.Values["twice"]!).ShouldBe(Enumerable.Range(0, 50).SelectMany(i => new[] { i * 20.0, (i * 20.0) + 2, (i * 20.0) + 4 }));
        answers.Select(a => a.Source.Row).Distinct().Count().ShouldBe(150);
        answers.ShouldAllBe(a => a.Source.Feed == PredictionNode.Feed && a.Model == deployment.Request.Model && a.ComputeMs >= 0);
    }

    [Fact]
    public async Task Find_PredictorMovesToAWorker_TellsWhereItRunsNow()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        (deployment.Mode, deployment.Memory, deployment.Interruption).ShouldBe(("in-process", new PredictorMemory(4096, "counted"), null));

        (node.Runtime.Mode, node.Runtime.Interruption) = ("worker", "Its process ended.");

        DeploymentInfo moved = node.Deployments.Find(deployment.Id)!;
        (moved.Mode, moved.Interruption).ShouldBe(("worker", "Its process ended."));
        await node.Deployments.StopAsync(deployment.Id);
        DeploymentInfo stopped = node.Deployments.Find(deployment.Id)!;
        (stopped.Mode, stopped.Memory, stopped.Interruption).ShouldBe(("", null, null));
    }

    [Fact]
    public async Task Deployment_ModelBusy_AnswersWhatQueuedUpInOneCall()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        var busy = new TaskCompletionSource();
        node.Runtime.Calls.Clear();
        node.Runtime.Before = () => busy.Task;
        for (int i = 0; i < 20; i++)
            await node.WriteAsync(i);

        busy.SetResult();
        await node.WaitAsync(deployment.Id, await node.WriteAsync(99));

        node.Runtime.Calls.Sum().ShouldBe(21);
        node.Runtime.Calls.Max().ShouldBeGreaterThanOrEqualTo(15, "they waited together");
    }

    [Fact]
    public async Task Deployment_DeliveryLatest_AnswersTheNewestOnly()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder), r => r with { Delivery = Delivery.Latest });
        var busy = new TaskCompletionSource();
        node.Runtime.Before = () => busy.Task;
        long last = 0;
        for (int i = 0; i < 20; i++)
            last = await node.WriteAsync(i);

        busy.SetResult();
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBeInRange(1, 3);
        answers[^1].Values["twice"].ShouldBe(38.0);
    }

    [Fact]
    public async Task Deployment_HostRestarted_ResumesWithWhatArrivedBefore()
    {
        string id;
        long last;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await node.WriteAsync(1);
            DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
            id = deployment.Id;
            var never = new TaskCompletionSource();
            node.Runtime.Before = () => never.Task;
            last = await node.WriteAsync(5, 6, 7);
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        await again.WaitAsync(id, last);

        (await again.AnswersAsync(id)).Select(a => (double)a.Values["twice"]!).ShouldBe([10, 12, 14]);
        again.Deployments.Find(id)!.State.ShouldBe(DeploymentState.Running);
    }

    [Fact]
    public async Task Deployment_OneRecordCannotBeAnswered_SaysWhyAndAnswersTheOthers()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        node.Runtime.Fails = x => x == 13;

        await node.WaitAsync(deployment.Id, await node.WriteAsync(12, 13, 14));

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Select(a => a.Values["twice"]).ShouldBe([24.0, null, 28.0]);
        ((string)answers[1].Values["error"]!).ShouldContain("cannot double 13");
        node.Deployments.Find(deployment.Id)!.State.ShouldBe(DeploymentState.Running);
    }

    [Fact]
    public async Task Deployment_ManyRecordsInARowAtFault_SaysWhyAndGoesOn()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        (node.Runtime.Fails, node.Runtime.BlamesRecords) = (x => x < 0, true);

        await node.WaitAsync(deployment.Id, await node.WriteAsync([.. Enumerable.Range(1, 30).Select(i => (double)-i)]));
        (node.Deployments.Find(deployment.Id)!.State, node.Deployments.Find(deployment.Id)!.Reason).ShouldBe((DeploymentState.Faulted, "cannot double -30"));
        await node.WaitAsync(deployment.Id, await node.WriteAsync(4));

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Select(a => a.Values["twice"]).ShouldBe([.. Enumerable.Repeat<object?>(null, 30), 8.0]);
        answers.Take(30).Select(a => (string)a.Values["error"]!).ShouldBe([.. Enumerable.Range(1, 30).Select(i => $"cannot double -{i}")]);
        node.Deployments.Find(deployment.Id)!.State.ShouldBe(DeploymentState.Running);
    }

    [Fact]
    public async Task Swap_ModelThatAlwaysFails_LetsAnotherTakeOverWithoutLoss()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder);
        string better = await node.TrainAsync(_folder, 3);
        DeploymentInfo deployment = await node.DeployAsync(model);
        node.Runtime.BrokenFactor = 2;
        long last = await node.WriteAsync([.. Enumerable.Range(0, 20).Select(i => (double)i)]);
        await PredictionNode.UntilAsync(() => node.Deployments.Find(deployment.Id)!.State == DeploymentState.Faulted);
        node.Deployments.Find(deployment.Id)!.Reason!.ShouldContain("the model with factor 2 is broken");

        DeploymentInfo swapped = await node.Deployments.SwapAsync(deployment.Id, better);
        await node.WaitAsync(deployment.Id, last);

        swapped.Request.Model.ShouldBe(better);
        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBe(20, "each record has its answer or its reason");
        answers.Count(a => a.Values["twice"] is not null).ShouldBe(13, "eight in a row failed; the eighth waited for the better model");
        answers[^1].Model.ShouldBe(better);
    }

    [Fact]
    public async Task Swap_UnderLoad_LosesNothingAndRepeatsNothing()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string one = await node.TrainAsync(_folder);
        string two = await node.TrainAsync(_folder);
        DeploymentInfo deployment = await node.DeployAsync(one);
        using var stop = new CancellationTokenSource();
        long last = 0;
        long written = 0;
        Task writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                last = await node.WriteAsync(written, written + 1);
                written += 2;
            }
        });

        for (int i = 0; i < 20; i++)
            await node.Deployments.SwapAsync(deployment.Id, i % 2 == 0 ? two : one);
        await stop.CancelAsync();
        await writing;
        await node.WaitAsync(deployment.Id, last);

        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Count.ShouldBe((int)Math.Min(written, 10_000));
        answers.Select(a => a.Source.Row).Distinct().Count().ShouldBe(answers.Count);
    }

    [Fact]
    public async Task Swap_NextModel_IsWarmedBeforeItTakesOverAndRefusedWhenThatFails()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string one = await node.TrainAsync(_folder), two = await node.TrainAsync(_folder, 3);
        DeploymentInfo deployment = await node.DeployAsync(one);
        await node.WaitAsync(deployment.Id, await node.WriteAsync(5));
        node.Runtime.Calls.Clear();
        node.Runtime.BrokenFactor = 3;

        (await Should.ThrowAsync<WorkflowException>(() => node.Deployments.SwapAsync(deployment.Id, two))).Message.ShouldContain("the model with factor 3 is broken");

        node.Runtime.Calls.ShouldBe([1], "it was tried on the newest record");
        node.Deployments.Find(deployment.Id)!.ShouldSatisfyAllConditions(d => d.Request.Model.ShouldBe(one), d => d.State.ShouldBe(DeploymentState.Running));
        await node.WaitAsync(deployment.Id, await node.WriteAsync(6));
        node.Runtime.BrokenFactor = null;
        node.Runtime.Calls.Clear();
        await node.Deployments.SwapAsync(deployment.Id, two);
        node.Runtime.Calls.ShouldBe([1, 1, 1], "called before the first record came");
        await node.WaitAsync(deployment.Id, await node.WriteAsync(7));
        (await node.AnswersAsync(deployment.Id)).Select(a => (a.Model, a.Values["twice"])).ShouldBe([(one, 10.0), (one, 12.0), (two, 21.0)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_NewestRecordCannotBeAnswered_GoesLiveUnlessTheCodeIsAtFault(bool isOfRecord)
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder);
        (node.Runtime.Fails, node.Runtime.BlamesRecords) = (input => input == 1, isOfRecord);

        if (!isOfRecord)
        {
            (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model))).Message.ShouldContain("cannot double 1");
            return;
        }

        DeploymentInfo deployment = await node.DeployAsync(model);
        await node.WaitAsync(deployment.Id, await node.WriteAsync(4));
        (await node.AnswersAsync(deployment.Id)).Single().Values["twice"].ShouldBe(8.0);
    }

    [Fact]
    public async Task Start_GoldenCaseFails_DoesNotGoLive()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder, golden: "x,expected_twice\n2,4\n5,10\n");
        node.Runtime.Factor = 3;
        string message = (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model))).Message;
        message.ShouldContain("The golden case golden.csv:2 failed: 'twice' is '6' where '4' is expected (within 0.001 of it or 1E-06).");
        message.ShouldContain("The model did not go live.");
        node.Deployments.List().ShouldBeEmpty();
        node.Runtime.Factor = 2;
        (await node.DeployAsync(model)).State.ShouldBe(DeploymentState.Running);
    }

    [Theory]
    [InlineData("x,expected_twice\n2,4\n", false)]
    [InlineData("weight,expected_twice\n2,4\n", true)]
    public async Task Start_AnyTable_OnlyGoldenCasesOfTheModelsTableKeepItFromGoingLive(string golden, bool goesLive)
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder, golden: golden, inputs: "'*'");
        node.Runtime.Factor = 3;
        if (goesLive)
            (await node.DeployAsync(model)).State.ShouldBe(DeploymentState.Running);
        else
            (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model))).Message.ShouldContain("The golden case golden.csv:2 failed");
    }

    [Fact]
    public async Task Start_UnknownFeedModelOrField_SaysWhichAndWhatThereIs()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder);

        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with { Feed = "nowhere" }))).Message.ShouldContain("'nowhere'");
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync("m-none"))).Message.ShouldContain("m-none");
        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with
        {
            Inputs = new Dictionary<string, FeedFieldReference> { ["x"] = new(PredictionNode.Feed, "y") },
        }))).Message.ShouldContain("'y'");
        node.Deployments.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_Deployment_EndsItAndStaysEndedAfterRestart()
    {
        string id;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await node.WriteAsync(1);
            id = (await node.DeployAsync(await node.TrainAsync(_folder))).Id;
            (await node.Deployments.StopAsync(id)).ShouldBeTrue();
            (await node.Deployments.StopAsync(id)).ShouldBeFalse();
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        again.Deployments.Find(id)!.State.ShouldBe(DeploymentState.Stopped);
    }

    [Fact]
    public async Task Publish_Answers_AreBulkMessagesThatNameTheirRecord()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, mqtt: true);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder), r => r with { Output = new DeploymentOutput("line1", "doubled") });
        var messages = new ConcurrentQueue<string>();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = node.Get<IMqttEndpoint>().Port });
        await client.ConnectAsync();
        await client.SubscribeAsync("ie/d/j/simatic/v1/node1/dp/r/#", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            messages.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload));
            return ValueTask.CompletedTask;
        });

        long last = await node.WriteAsync(21);
        await PredictionNode.UntilAsync(() => !messages.IsEmpty);

        deployment.Topic.ShouldBe("ie/d/j/simatic/v1/node1/dp/r/line1/doubled");
        JsonElement answer = JsonDocument.Parse(messages.Single()).RootElement;
        answer.GetProperty("source").GetProperty("feed").GetString().ShouldBe(PredictionNode.Feed);
        answer.GetProperty("source").GetProperty("row").GetInt64().ShouldBe(last);
        answer.GetProperty("source").GetProperty("seq").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("vals")[0].GetProperty("val").GetDouble().ShouldBe(42);
        await PredictionNode.UntilAsync(() => node.Predictions.ListAsync(deployment.Id, 1).GetAwaiter().GetResult() is [{ PublishedAt: not null }]);
    }

    [Fact]
    public async Task Publish_AnswerOlderThanItsMaximumAge_IsStoredButNotPublished()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, mqtt: true);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder), r => r with { MaxAge = TimeSpan.FromMilliseconds(200) });
        var messages = new ConcurrentQueue<string>();
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = node.Get<IMqttEndpoint>().Port });
        await client.ConnectAsync();
        await client.SubscribeAsync(deployment.Topic, MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            messages.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload));
            return ValueTask.CompletedTask;
        });
        node.Runtime.Before = () => Task.Delay(500);
        await node.WaitAsync(deployment.Id, await node.WriteAsync(1));
        node.Runtime.Before = () => Task.CompletedTask;

        long fresh = await node.WriteAsync(2);
        await PredictionNode.UntilAsync(() => !messages.IsEmpty);

        JsonDocument.Parse(messages.First()).RootElement.GetProperty("source").GetProperty("row").GetInt64().ShouldBe(fresh);
        await node.WaitAsync(deployment.Id, fresh); // Published before it is durable.
        (await node.AnswersAsync(deployment.Id)).Count.ShouldBe(2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
