using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Tests.Runs;

public sealed class RetrainingTests : IAsyncLifetime
{
    private WebNode _node = null!;
    private string _deployment = "";
    private string _model = "";

    private RetrainingClient Retraining => _node.Typed.Retraining;

    public async Task InitializeAsync()
    {
        _node = await WebNode.StartAsync();
        await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await _node.Typed.Workflows.UploadAsync(DoublingPackage.Zip());
        TrainingStatus training = await _node.Typed.Trainings.WaitAsync((await _node.Typed.Trainings.StartAsync(new TrainingStart("double", Feed: "press"))).Id);
        _model = training.Model!;
        _deployment = (await _node.Typed.Deployments.StartAsync(new DeploymentStart("double", _model, "press"))).Id;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task RunTrigger_ThatNeedsApproval_PromotesTheNewModelOnceApproved()
    {
        TriggerDetails trigger = await Retraining.AddTriggerAsync(Nightly() with { Release = new ReleaseRule("promote") });

        RetrainingDetails waiting = await Retraining.WaitAsync((await Retraining.RunTriggerAsync(trigger.Id)).Id);
        (waiting.State, waiting.Author, waiting.Ended).ShouldBe(("awaitingApproval", "local", false), waiting.Reason);
        (await Should.ThrowAsync<MlopsException>(() => Retraining.RunTriggerAsync(trigger.Id))).Status.ShouldBe(409);
        await Retraining.ApproveAsync(waiting.Id);
        RetrainingDetails ended = await Retraining.WaitAsync(waiting.Id);

        (ended.State, ended.DecidedBy).ShouldBe(("succeeded", "local"), ended.Reason);
        ended.Model.ShouldNotBe(_model);
        (await _node.Typed.Deployments.GetAsync(_deployment)).Model.ShouldBe(ended.Model);
        (await Should.ThrowAsync<MlopsException>(() => Retraining.ApproveAsync(waiting.Id))).Status.ShouldBe(409);
        (await Retraining.ListAsync(trigger.Id)).ShouldHaveSingleItem().Id.ShouldBe(ended.Id);
        (await Retraining.GetTriggerAsync(trigger.Id)).Last!.Id.ShouldBe(ended.Id);
    }

    [Fact]
    public async Task RejectAndCancel_OfRetrainings_KeepProduction()
    {
        TriggerDetails trigger = await Retraining.AddTriggerAsync(Nightly() with { Release = new ReleaseRule("promote") });
        RetrainingDetails first = await Retraining.WaitAsync((await Retraining.RunTriggerAsync(trigger.Id)).Id);

        RetrainingDetails rejected = await Retraining.RejectAsync(first.Id, "too few records");
        RetrainingDetails second = await Retraining.WaitAsync((await Retraining.RunTriggerAsync(trigger.Id)).Id);
        await Retraining.CancelAsync(second.Id);

        (rejected.State, rejected.Reason).ShouldBe(("rejected", "too few records"));
        (await Retraining.WaitAsync(second.Id)).State.ShouldBe("cancelled");
        (await _node.Typed.Deployments.GetAsync(_deployment)).Model.ShouldBe(_model);
    }

    [Fact]
    public async Task Triggers_ChangedDisabledAndDeleted_AreShownAsTheyAre()
    {
        TriggerDetails added = await Retraining.AddTriggerAsync(Nightly() with
        {
            Training = new TrainingStart("double", Feed: "press", Params: new JsonObject { ["factor"] = 4.0 }, HoldOut: new HoldOutRule("time", 0.25)),
            Drift = new DriftLimit(Psi: 0.25, For: TimeSpan.FromMinutes(5)),
            Window = TimeSpan.FromDays(7),
            CoolDown = TimeSpan.FromMinutes(10),
        });
        (added.Enabled, added.Request.CoolDown, added.Request.Schedule!.Cron).ShouldBe((true, TimeSpan.FromMinutes(10), "0 3 * * *"));
        (added.Request.Training!.HoldOut!.Kind, added.Request.Training.Params!["factor"]!.GetValue<double>()).ShouldBe(("time", 4));
        added.Due.ShouldNotBeNull();

        TriggerDetails changed = await Retraining.ChangeTriggerAsync(added.Id, Nightly() with { Name = "weekly", Schedule = new TriggerTimes(Every: TimeSpan.FromDays(7)) });
        TriggerDetails disabled = await Retraining.EnableTriggerAsync(added.Id, false);

        (changed.Request.Name, changed.Request.Drift).ShouldBe(("weekly", null));
        (disabled.Enabled, disabled.Due).ShouldBe((false, null));
        (await Retraining.ListTriggersAsync()).ShouldHaveSingleItem().Id.ShouldBe(added.Id);
        await Retraining.DeleteTriggerAsync(added.Id);
        (await Should.ThrowAsync<MlopsException>(() => Retraining.GetTriggerAsync(added.Id))).Status.ShouldBe(404);
        (await _node.Typed.Node.ListLifecycleAsync(added.Id)).Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task AddTrigger_ThatCannotWork_SaysEverythingThatIsWrong()
    {
        var body = new TriggerBody("", Quality: new QualityLimit(2), Release: new ReleaseRule("canary", Share: 7));

        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => Retraining.AddTriggerAsync(body));

        refused.Status.ShouldBe(400);
        refused.Problem.Errors!.Count.ShouldBeGreaterThan(2);
        (await Should.ThrowAsync<MlopsException>(() => Retraining.AddTriggerAsync(Nightly() with { Release = new ReleaseRule("forget") }))).Message.ShouldContain("promote");
    }

    private TriggerBody Nightly() => new("nightly", _deployment, Schedule: new TriggerTimes("0 3 * * *"));
}
