using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Workers that wait for work.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class WorkerPoolTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    private static readonly Package s_plain = new("waited-for", Sources.Predict("return ['left' if x > 0 else 'right' for x in batch['x']]"));

    [Fact]
    public async Task LoadAsync_Worker_LeavesAnotherWaitingWhichTheNextTakes()
    {
        await using WorkerPool pool = Pool(1);
        IWorkflowRuntime runtime = Create(pool);
        pool.Waiting.ShouldBe(0);
        await using IPredictor first = await LoadAsync(runtime, s_plain);
        await WaitsAsync(pool, 1);

        await using IPredictor second = await LoadAsync(runtime, s_plain);

        (await AnswerAsync(second, 1)).ShouldBe("left");
        (await AnswerAsync(first, -1)).ShouldBe("right");
        second.ProcessId.ShouldNotBe(first.ProcessId);
        await WaitsAsync(pool, 1);
    }

    [Fact]
    public async Task LoadAsync_SpareHasImportedLibraries_TheyAreThereBeforeThePackageIs()
    {
        await using WorkerPool pool = Pool(1);
        IWorkflowRuntime runtime = Create(pool);
        Package user = new("user", "import pandas\n" + Sources.Predict("return ['left'] * batch.rows"));
        await using IPredictor first = await LoadAsync(runtime, user);
        await WaitsAsync(pool, 1);

        await using IPredictor second = await LoadAsync(runtime, new Package("observer", "import sys\nTHERE = 'pandas' in sys.modules\n" + Sources.Predict("return ['left' if THERE else 'right'] * batch.rows")));

        (await AnswerAsync(second, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task LoadAsync_SpareWasTaken_IsContainedLikeAnyOther()
    {
        await using WorkerPool pool = Pool(1);
        IWorkflowRuntime runtime = Create(pool);
        await using IPredictor first = await LoadAsync(runtime, s_plain);
        await WaitsAsync(pool, 1);

        await using IPredictor spy = await LoadAsync(runtime, new Package("spy", Sources.Predict($"""
            import socket
            refused = []
            for deed in (lambda: os.listdir('{fixture.Folder}'), socket.socket, lambda: open('/tmp/left-behind', 'w')):
                try: deed()
                except PermissionError: refused.append(1)
            return ['left' if len(refused) == 3 else 'right'] * batch.rows
            """)));

        (await AnswerAsync(spy, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task LoadAsync_SpareWasKilledWhileItWaited_AnotherIsStarted()
    {
        await using WorkerPool pool = Pool(1);
        IWorkflowRuntime runtime = Create(pool);
        await using IPredictor first = await LoadAsync(runtime, s_plain);
        await WaitsAsync(pool, 1);
        using (Process spare = Process.GetProcessById(pool.Processes.ShouldHaveSingleItem()))
        {
            spare.Kill();
            await spare.WaitForExitAsync();
        }

        await using IPredictor second = await LoadAsync(runtime, s_plain);

        (await AnswerAsync(second, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task LoadAsync_OtherLimits_DoNotTakeTheSpare()
    {
        await using WorkerPool pool = Pool(1);
        await using IPredictor first = await LoadAsync(Create(pool), s_plain);
        await WaitsAsync(pool, 1);
        int spare = pool.Processes.ShouldHaveSingleItem();

        await using IPredictor second = await LoadAsync(Create(pool, options => options.WorkerMemoryMiB = 700), s_plain);

        second.ProcessId.ShouldNotBe(spare);
        await WaitsAsync(pool, 1);
        pool.Processes.ShouldNotContain(spare);
    }

    [Fact]
    public async Task DisposeAsync_WorkersWait_AreGone()
    {
        WorkerPool pool = Pool(2);
        await using IPredictor first = await LoadAsync(Create(pool), s_plain);
        await WaitsAsync(pool, 2);
        int[] waiting = [.. pool.Processes];

        await pool.DisposeAsync();

        foreach (int process in waiting)
            await TrainingTests.IsGoneAsync(process);
        pool.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task LoadAsync_NoneAreToWait_NoneDo()
    {
        await using WorkerPool pool = Pool(0);
        await using IPredictor first = await LoadAsync(Create(pool), s_plain);
        await using IPredictor second = await LoadAsync(Create(pool), s_plain);

        (await AnswerAsync(second, 1)).ShouldBe("left");
        pool.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Interruption_WorkerEnds_SaysSoUntilAnotherAnswers()
    {
        await using IPredictor predictor = await LoadAsync(
            fixture.Create(), new Package("falls", Sources.Predict("if batch['x'][0] < 0: os._exit(9)\nreturn ['left'] * batch.rows")));
        predictor.Interruption.ShouldBeNull();

        await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));

        predictor.Interruption.ShouldNotBeNull().ShouldStartWith("Its process ended; the next record starts another, not before 20");
        predictor.Interruption.ShouldContain("exit code 9");
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        predictor.Interruption.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Memory_ModelOfEightMegabytes_IsSeen(bool inProcess)
    {
        const long Bytes = 8 << 20;
        Package package = new("heavy", "import numpy as np\nHELD = np.ones(1 << 20)\n" + Sources.Predict("return ['left'] * batch.rows"));
        Package light = new("light", Sources.Predict("return ['left'] * batch.rows"));
        await using IPredictor heavy = await LoadAsync(fixture.Create(), package, inProcess);
        await using IPredictor other = await LoadAsync(fixture.Create(), light, inProcess);

        PredictorMemory memory = heavy.Memory.ShouldNotBeNull();
        memory.Bytes.ShouldBeGreaterThan(Bytes);
        memory.Method.ShouldNotBeEmpty();
        if (inProcess)
        {
            memory.Bytes.ShouldBeLessThan(Bytes + (1 << 20));
            other.Memory.ShouldNotBeNull().Bytes.ShouldBeLessThan(1 << 20);
        }
    }

    [Fact]
    public async Task Memory_TreesOfNativeCodeInProcess_AreSeen()
    {
        Package package = new("forest", """
            import numpy as np
            from sklearn.tree import DecisionTreeRegressor
            random = np.random.default_rng(1)
            TREE = DecisionTreeRegressor().fit(random.random((5000, 1)), random.random(5000))

            """ + Sources.Predict("return ['left'] * batch.rows"));
        await using IPredictor predictor = await LoadAsync(fixture.Create(), package, inProcess: true);

        // Some 10,000 nodes of 64 bytes.
        predictor.Memory.ShouldNotBeNull().Bytes.ShouldBeGreaterThan(500_000);
    }

    private static WorkerPool Pool(int size) => new(Options.Create(new PythonRuntimeOptions { SpareWorkers = size }), NullLogger<WorkerPool>.Instance);

    private IWorkflowRuntime Create(WorkerPool pool, Action<PythonRuntimeOptions>? configure = null) => fixture.Create(configure, pool: pool);

    private static Task<IPredictor> LoadAsync(IWorkflowRuntime runtime, Package package, bool inProcess = false) => runtime.LoadAsync(
        new PredictorRequest(package.Install(trusted: inProcess), Package.ModelOfNone(), s_x, ["left", "right"], 64), CancellationToken.None);

    private static async Task<object?> AnswerAsync(IPredictor predictor, double x)
    {
        using RecordBatch batch = Records.Batch(s_x, [x]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Column(0).GetValue(0);
    }

    private static async Task WaitsAsync(WorkerPool pool, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (pool.Waiting != count)
            await Task.Delay(5, deadline.Token);
    }
}
