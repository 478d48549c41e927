using Mlops.Data;

namespace Mlops.Training;

public class GoldenCheckTests
{
    private const string Cases = "a,b,side\n1,2,left\n3,,right\n4,5,\n";

    [Fact]
    public async Task Train_GoldenCasesPass_CountsThemAndTimesThem()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("", ("golden.csv", Cases));
        bench.Runtime.Predict = (batch, row) => [batch.Column("a").Values<double>()[row] < 2 ? "left" : batch.Column("b").IsValid(row) ? "up" : "right", 1.0];
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        training.Metrics["goldenPassed"].ShouldBe(3);
        bench.Models.Find(training.Model!)!.Metrics["goldenPassed"].ShouldBe(3);
        training.Measurements!.Phases.Keys.ShouldBe(["queued", "select", "start", "fit", "verify", "store"]);
        bench.Runtime.Loaded!.MaxRows.ShouldBe(3);
        bench.Runtime.Loaded.Classes.ShouldBe(["left", "right"]);
        bench.Runtime.Loaded.Package.Manifest.Isolated.ShouldBeTrue();
        bench.Runtime.Unloaded.ShouldBe(1);
    }

    [Fact]
    public async Task Train_GoldenCaseFails_StoresNoModelAndNamesTheLine()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("", ("golden.csv", Cases));
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldBe(
            "The golden case golden.csv:3 failed: 'label' is 'left' where 'right' is expected. The model was not stored. Correct the case if it is wrong, else train on data that covers it.");
        bench.Models.List().ShouldBeEmpty();
        bench.Files("models").ShouldBeEmpty();
        bench.Runtime.Unloaded.ShouldBe(1);
    }

    [Fact]
    public async Task Train_GoldenCellOfOtherType_NamesLineAndColumn()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("", ("golden.csv", "a,b,side\n1,2,left\n1,two,left\n"));
        (await bench.TrainAsync()).Reason.ShouldStartWith("golden.csv:3: golden-value: 'two' in column 'b' is no Float64.");
    }

    [Theory]
    [InlineData("0.5", 0.5004, true)]
    [InlineData("0.5", 0.51, false)]
    [InlineData("0", 0.0000005, true)]
    [InlineData("1000000", 1000900.0, true)]
    [InlineData("0.5", null, false)]
    [InlineData("half", 0.5, false)]
    public async Task Train_GoldenNumbers_AreComparedWithTolerance(string expected, double? got, bool passes)
    {
        await using var bench = new TrainingBench();
        await bench.Workflows.InstallAsync(
            Workflows.SamplePackage.Folder(
                bench.Folder, "fields", "name: side-of-cut\nversion: 1.0.0\nruntime: python\ninputs: [{name: a, type: number}, {name: b, type: number}]\nlabel: side\noutput: {fields: [{name: score, type: number}]}\n",
                more: ("golden.csv", $"a,b,expected_score\n1,2,{expected}\n")),
            trusted: true);
        await bench.RunAsync();
        bench.Runtime.Predict = (_, _) => [got];
        (await bench.TrainAsync()).State.ShouldBe(passes ? TrainingState.Succeeded : TrainingState.Failed);
    }

    [Theory]
    [InlineData("a,b,side\n1,2,left\n", true)]
    [InlineData("weight,zone,side\n1,city,up\n", false)]
    [InlineData("a,side\n1,up\n", false)]
    [InlineData("a,b,c,side\n1,2,3,up\n", false)]
    public async Task Train_AnyTable_RunsTheCasesOfItsTableAndSaysSoOfOthers(string golden, bool isOfTable)
    {
        await using var bench = new TrainingBench();
        await bench.Workflows.InstallAsync(
            Workflows.SamplePackage.Folder(bench.Folder, "any", "name: side-of-cut\nversion: 1.0.0\nruntime: python\ninputs: '*'\nlabel: side\noutput: {classes: [left, right]}\n", more: ("golden.csv", golden)),
            trusted: true);
        await bench.RunAsync();
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        training.Metrics.GetValueOrDefault("goldenPassed").ShouldBe(isOfTable ? 1 : 0);
        bench.Journal.Log(training.Id).Any(l => l.Text == "The golden cases were not run: golden.csv has other columns than the inputs of this model.").ShouldBe(!isOfTable);
    }

    [Fact]
    public async Task Train_ManyGoldenCases_AreAskedInBatches()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("", ("golden.csv", "a,b,side\n" + string.Concat(Enumerable.Range(0, 600).Select(i => $"{i},1,{(i % 2 == 0 ? "left" : "right")}\n"))));
        int largest = 0;
        bench.Runtime.Predict = (RecordBatch batch, int row) =>
        {
            largest = Math.Max(largest, batch.Count);
            return [batch.Column("a").Values<double>()[row] % 2 == 0 ? "left" : "right", null];
        };
        (await bench.TrainAsync()).Metrics["goldenPassed"].ShouldBe(600);
        largest.ShouldBe(256);
        bench.Runtime.Loaded!.MaxRows.ShouldBe(256);
    }
}
