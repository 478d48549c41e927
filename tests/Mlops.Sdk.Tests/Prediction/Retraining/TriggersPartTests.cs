using Mlops.Hosting;
using Mlops.Prediction.Retraining;

namespace Mlops.Tests.Prediction.Retraining;

public sealed class TriggersPartTests
{
    [Fact]
    public async Task Import_WhatWasExported_BringsDeletedAndChangedTriggersBackAndLeavesTheOthers()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo nightly = await bench.AddAsync(deployment, t => t with
        {
            Schedule = new TriggerSchedule { Cron = "0 3 * * *", TimeZone = "Europe/Vienna" },
            Training = RetrainingBench.Classifier(70),
            Window = TimeSpan.FromDays(30),
            Release = new ReleasePlan { Step = ReleaseStep.Canary, Share = 0.2 },
        });
        await bench.Retraining.EnableAsync(nightly.Id, false);
        TriggerInfo same = await bench.AddAsync(deployment, t => t with { NewLabels = 50 });
        TriggerInfo drift = await bench.AddAsync(deployment, t => t with { Name = "drift", Drift = new DriftCondition { Psi = 0.3 } });
        INodeConfiguration configuration = bench.Node.Get<INodeConfiguration>();
        string file = configuration.Export(ConfigurationFormat.Yaml);

        (await configuration.ImportAsync(file, ImportMode.Replace))["triggers"].ShouldBe(0, "all is as the file says");
        await bench.Retraining.DeleteAsync(nightly.Id);
        await bench.Retraining.DeleteAsync(same.Id);
        await bench.Retraining.ChangeAsync(drift.Id, drift.Request with { Drift = new DriftCondition { Psi = 0.9 } });
        await bench.AddAsync(deployment, t => t with { Name = "late", NewLabels = 1 });

        (await configuration.ImportAsync(file))["triggers"].ShouldBe(3);
        (await configuration.ImportAsync(file, ImportMode.Replace))["triggers"].ShouldBe(1, "what the file does not name goes");

        TriggerInfo back = bench.Retraining.List().Single(t => t.Request.Name == "nightly");
        back.Enabled.ShouldBeFalse();
        back.Request.Schedule.ShouldBe(nightly.Request.Schedule);
        back.Request.Window.ShouldBe(TimeSpan.FromDays(30));
        back.Request.Training!.Params!["factor"].ShouldBe(70.0);
        back.Request.Release.Share.ShouldBe(0.2);
        bench.Retraining.List().Single(t => t.Request.Name == $"nightly ({same.Id})").Request.NewLabels.ShouldBe(50);
        bench.Retraining.Find(drift.Id)!.Request.Drift!.Psi.ShouldBe(0.3);
        bench.Retraining.List().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Import_TriggersThatCannotWork_ChangesNothingAndSaysAll()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();

        var error = await Should.ThrowAsync<NodeConfigurationException>(() => bench.Node.Get<INodeConfiguration>().ImportAsync("""
            mlopsConfiguration: 1
            triggers:
              nightly: {deployment: d-none, schedule: {cron: "never"}}
              weekly: {newLabels: many}
            """));

        error.Errors.ShouldContain(e => e.Contains("'nightly'") && e.Contains("no deployment 'd-none'") && e.Contains("never"));
        error.Errors.ShouldContain(e => e.Contains("'weekly'"));
        bench.Retraining.List().ShouldBeEmpty();
    }
}
