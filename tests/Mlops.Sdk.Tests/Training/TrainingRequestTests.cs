using System.Text.Json;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Selection;
using Mlops.Workflows;

namespace Mlops.Training;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class TrainingRequestTests : IAsyncLifetime
{
    private readonly TrainingBench _bench = new();

    public async Task InitializeAsync()
    {
        await _bench.InstallAsync("parameters: {trees: 100}");
        await InstallAsync("anything", "inputs: \"*\"\nlabel: side\noutput: {classes: []}");
        await InstallAsync("typed", "inputs: [{name: side, type: number}, {name: at, type: number}, {name: b, type: number, unit: kg}, {name: a, type: integer}]\noutput: {fields: [{name: score, type: number}]}");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task StartAsync_UnknownWorkflow_NamesTheKnown() => await ShouldRefuseAsync(
        new TrainingRequest { Workflow = "side-of-cat", Feed = "cutter" }, "There is no workflow 'side-of-cat'. Did you mean 'side-of-cut'? Workflows: anything, side-of-cut, typed.");

    [Fact]
    public async Task StartAsync_UnknownVersion_NamesTheKnown() => await ShouldRefuseAsync(
        TrainingBench.Request with { Version = "9.0.0" }, "Workflow 'side-of-cut' has no version '9.0.0'. Its versions: 1.0.0.");

    [Fact]
    public void Runtimes_Unknown_NamesTheKnown() => Should.Throw<WorkflowException>(() =>
        new WorkflowRuntimes([new FakeRuntime()]).Get(new WorkflowManifest { Name = "a", Version = "1.0.0", Runtime = "pyton", Output = new WorkflowOutput() })).Message
        .ShouldBe("Workflow 'a' 1.0.0: the runtime 'pyton' is not registered. Did you mean 'python'? Known: python. Call AddPython() or the verb of the plug-in that brings it.");

    [Fact]
    public async Task StartAsync_UnknownFeed_NamesTheKnown() => await ShouldRefuseAsync(
        TrainingBench.Request with { Feed = "cuter" }, "There is no feed 'cuter'. Did you mean 'cutter'? Feeds: cutter, press.");

    [Fact]
    public async Task StartAsync_NoFeed_SaysWhatToGive() => await ShouldRefuseAsync(TrainingBench.Request with { Feed = null }, "No feed is named.");

    [Fact]
    public async Task StartAsync_SeveralFeeds_JoinsTheOthersOnTime()
    {
        var inputs = new Dictionary<string, FeedFieldReference> { ["a"] = new("cutter", "a"), ["b"] = new("press", "x") };

        await _bench.RunAsync();

        await _bench.TrainAsync(TrainingBench.Request with { Feed = null, Inputs = inputs, Tolerance = new Dictionary<string, TimeSpan> { ["*"] = TimeSpan.FromSeconds(9), ["press"] = TimeSpan.FromSeconds(2) } });

        SelectionRequest request = _bench.Selection.Request.ShouldNotBeNull();
        request.Feed.ShouldBe("cutter");
        request.Inputs!.ShouldHaveSingleItem().Field.ShouldBe("a");
        JoinedFeed joined = request.Joins.ShouldHaveSingleItem();
        (joined.Feed, joined.Tolerance, joined.Inputs.ShouldHaveSingleItem().Field).ShouldBe(("press", 2_000_000_000L, "x"));
    }

    [Fact]
    public async Task StartAsync_Split_ReachesTheSelectionAndIsKept()
    {
        var split = new SplitRule(SplitKind.Group, 0.25, 7, "side");
        await _bench.RunAsync();

        TrainingInfo info = await _bench.TrainAsync(TrainingBench.Request with { Split = split });

        _bench.Selection.Request.ShouldNotBeNull().Split.ShouldBe(split);
        string stored = JsonSerializer.Serialize(info, TrainingJson.Default.TrainingInfo);
        stored.ShouldContain("\"kind\":\"group\"");
        JsonSerializer.Deserialize(stored, TrainingJson.Default.TrainingInfo)!.Request.Split.ShouldBe(split);
    }

    [Fact]
    public async Task StartAsync_NoSplit_TakesThatOfThePackageWithTheFieldOfItsInput()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("split: {kind: group, heldOut: 0.3, field: a}");
        TrainingRequest request = TrainingBench.Request with { Inputs = new Dictionary<string, FeedFieldReference> { ["a"] = new("cutter", "b"), ["b"] = new("cutter", "a") } };

        await bench.TrainAsync(request);
        bench.Selection.Request.ShouldNotBeNull().Split.ShouldBe(new SplitRule(SplitKind.Group, 0.3, Field: "b"));
        await bench.TrainAsync(request with { Split = new SplitRule(SplitKind.Time) });
        bench.Selection.Request.ShouldNotBeNull().Split.ShouldBe(new SplitRule(SplitKind.Time));
    }

    [Theory]
    [InlineData(null, SplitKind.Time)]
    [InlineData(0.0, null)]
    [InlineData(0.5, SplitKind.Random)]
    public async Task StartAsync_ManifestWithASplit_HoldsOutUnlessTheRequestSaysOtherwise(double? asked, SplitKind? kept)
    {
        await _bench.Workflows.InstallAsync(
            SamplePackage.Folder(_bench.Folder, "split", SamplePackage.Manifest.Replace("1.0.0", "2.0.0", StringComparison.Ordinal) + "\nsplit: {kind: time, heldOut: 0.3}\n"), trusted: true);
        await _bench.RunAsync();

        await _bench.TrainAsync(TrainingBench.Request with { Split = asked is { } part ? new SplitRule(SplitKind.Random, part) : null });

        _bench.Selection.Request.ShouldNotBeNull().Split.ShouldBe(kept is { } kind ? new SplitRule(kind, asked ?? 0.3) : null);
    }

    [Theory]
    [InlineData(SplitKind.Random, 1.0, null, "The part to be held out is 1.")]
    [InlineData(SplitKind.Time, -0.1, null, "The part to be held out is -0.1.")]
    [InlineData(SplitKind.Group, 0.2, null, "of the field '', which feed 'cutter' does not have")]
    [InlineData(SplitKind.Group, 0.2, "sid", "of the field 'sid', which feed 'cutter' does not have")]
    public async Task StartAsync_SplitThatCannotBe_IsRefused(SplitKind kind, double part, string? field, string reason) =>
        (await ShouldRefuseAsync(TrainingBench.Request with { Split = new SplitRule(kind, part, Field: field) }, "cannot be trained like this:")).ShouldContain(reason);

    [Fact]
    public async Task StartAsync_SeveralFeedsOneUnknown_NamesTheKnown() => await ShouldRefuseAsync(
        TrainingBench.Request with { Inputs = new Dictionary<string, FeedFieldReference> { ["b"] = new("pres", "x") } },
        "There is no feed 'pres'. Did you mean 'press'? Feeds: cutter, press.");

    [Fact]
    public async Task StartAsync_FieldsMissing_AreToldAtOnceWithOtherFaults()
    {
        string message = await ShouldRefuseAsync(
            TrainingBench.Request with
            {
                Feed = "press",
                Params = new Dictionary<string, object?> { ["tres"] = 1 },
                Limit = 0,
                From = DateTimeOffset.UnixEpoch,
                To = DateTimeOffset.UnixEpoch,
                Inputs = new Dictionary<string, FeedFieldReference> { ["c"] = new("press", "x") },
            },
            "Workflow 'side-of-cut' 1.0.0 cannot be trained like this:");
        message.ShouldContain("Input 'a': feed 'press' has no field 'a'.");
        message.ShouldContain("Input 'b' is number, but field 'b' of feed 'press' is Text.");
        message.ShouldContain("The workflow has no input 'c'.");
        message.ShouldContain("The workflow has no parameter 'tres'. Did you mean 'trees'?");
        message.ShouldContain("The limit is 0.");
        message.ShouldContain("is empty. Give a 'from' that is earlier than 'to'.");
    }

    [Fact]
    public async Task StartAsync_TypesAndUnitsThatDoNotFit_AreTold()
    {
        string message = await ShouldRefuseAsync(new TrainingRequest { Workflow = "typed", Feed = "cutter" }, "Input 'side' is number, but field 'side' of feed 'cutter' is Text.");
        message.ShouldContain("Input 'at' is number, but field 'at' of feed 'cutter' is Timestamp.");
        message.ShouldContain("Input 'b' is in kg, but field 'b' of feed 'cutter' is in mm.");
        message.ShouldContain("Input 'a' is integer, but field 'a' of feed 'cutter' is Float64.");
    }

    [Fact]
    public async Task StartAsync_LabelBoundAsInput_IsRefused() => await ShouldRefuseAsync(
        TrainingBench.Request with { Labels = "a" }, "The label 'a' is also bound to the input 'a', so the model would see the truth.");

    [Fact]
    public async Task StartAsync_OddParameter_IsRefused() => await ShouldRefuseAsync(
        TrainingBench.Request with { Params = new Dictionary<string, object?> { ["trees"] = new object() } }, "Parameter 'trees'");

    [Fact]
    public async Task StartAsync_NothingRefused_LeavesNothing()
    {
        await Should.ThrowAsync<WorkflowException>(() => _bench.Trainings.StartAsync(TrainingBench.Request with { Feed = "none" }));
        _bench.Trainings.List().ShouldBeEmpty();
    }

    [Fact]
    public void Plan_NamedInputs_AreBoundToTheirFields()
    {
        TrainingPlan plan = Plan(TrainingBench.Request with { Feed = null, Inputs = new Dictionary<string, FeedFieldReference> { ["a"] = new("Cutter", "b") } });
        plan.Selection.Feed.ShouldBe("cutter");
        plan.Selection.Inputs!.Select(i => (i.Input.Name, i.Input.Type, i.Field)).ShouldBe([("a", InputType.Number, "b"), ("b", InputType.Number, "b")]);
        plan.Parameters["trees"].ShouldBe(100L);
    }

    [Fact]
    public void Plan_EveryColumn_LeavesTheChoiceToTheSelection()
    {
        TrainingPlan plan = Plan(new TrainingRequest { Workflow = "anything", Feed = "cutter", From = DateTimeOffset.UnixEpoch.AddSeconds(1), To = DateTimeOffset.UnixEpoch.AddSeconds(2), Filter = " " });
        plan.Selection.Inputs.ShouldBeNull();
        (plan.Selection.Label, plan.Selection.From, plan.Selection.To, plan.Selection.Filter).ShouldBe(("side", 1_000_000_000L, 2_000_000_000L, null));
    }

    [Fact]
    public void Plan_EveryColumnButSomeNamed_TakesThoseWithTheTypesOfTheFeed()
    {
        TrainingPlan plan = Plan(new TrainingRequest { Workflow = "anything", Inputs = new Dictionary<string, FeedFieldReference> { ["width"] = new("cutter", "b"), ["a"] = new("cutter", "a") } });
        plan.Selection.Inputs!.Select(i => (i.Input, i.Field)).ShouldBe([(new WorkflowInput("width", InputType.Integer, "mm"), "b"), (new WorkflowInput("a", InputType.Number), "a")]);
    }

    [Theory]
    [InlineData(InputType.Number, FieldType.Float64, true)]
    [InlineData(InputType.Number, FieldType.UInt64, true)]
    [InlineData(InputType.Number, FieldType.Text, false)]
    [InlineData(InputType.Integer, FieldType.Int64, true)]
    [InlineData(InputType.Integer, FieldType.Float64, false)]
    [InlineData(InputType.Boolean, FieldType.Boolean, true)]
    [InlineData(InputType.Boolean, FieldType.Int64, false)]
    [InlineData(InputType.Text, FieldType.Text, true)]
    [InlineData(InputType.Text, FieldType.Int64, false)]
    [InlineData(InputType.Image, FieldType.Text, true)]
    [InlineData(InputType.Number, FieldType.Timestamp, false)]
    public void Fits_InputAndField_AsTheContractSays(InputType input, FieldType field, bool fits) => FeedBinding.Fits(input, field).ShouldBe(fits);

    [Fact]
    public void Runtimes_TwoOfAKind_AreRefused() =>
        Should.Throw<InvalidOperationException>(() => new WorkflowRuntimes([new FakeRuntime(), new FakeRuntime()])).Message.ShouldContain("'python' is registered twice");

    [Theory]
    [InlineData("Training:MaxParallel", "0")]
    [InlineData("Training:ProgressInterval", "00:00:00")]
    [InlineData("Training:MaxParallel", "20", "Training:MaxQueued", "10")]
    [InlineData("Workflows:MaxFiles", "0")]
    [InlineData("Workflows:MaxFileBytes", "2000", "Workflows:MaxTotalBytes", "1000")]
    public async Task Options_OutOfRange_StopTheHost(params string[] settings)
    {
        await using var bench = new TrainingBench(null, [.. settings.Chunk(2).Select(s => (s[0], s[1]))]);
        Should.Throw<OptionsValidationException>(() => bench.Get<IStartupValidator>().Validate());
    }

    private TrainingPlan Plan(TrainingRequest request) => _bench.Get<TrainingPlanner>().Plan(request);

    private Task<WorkflowPackage> InstallAsync(string name, string rest) =>
        _bench.Workflows.InstallAsync(SamplePackage.Folder(_bench.Folder, name, $"name: {name}\nversion: 1.0.0\nruntime: python\n{rest}\n"), trusted: true);

    private async Task<string> ShouldRefuseAsync(TrainingRequest request, string part)
    {
        string message = (await Should.ThrowAsync<WorkflowException>(() => _bench.Trainings.StartAsync(request))).Message;
        message.ShouldContain(part);
        return message;
    }
}
