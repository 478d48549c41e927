using Mlops.Data;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Calls inside the host's process that cannot be interrupted: the host goes on, in workers.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class UnresponsiveTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    private static readonly Package s_other = new("other", Sources.Predict("return ['right'] * batch.rows"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PredictAsync_CallCannotBeInterrupted_AllMoveToWorkersAndStatusSaysSo(bool swallows)
    {
        string pipe = Path.Combine(fixture.Folder, swallows ? "held-swallowing" : "held");
        (IWorkflowRuntime runtime, IPythonRuntimeStatus status) = await fixture.CreateAloneAsync();
        await using IPredictor holder = await LoadAsync(runtime, Holding(pipe, $"if batch['x'][0] < 0: {(swallows ? "swallow" : "hold")}()\nreturn ['left'] * batch.rows"));
        await using IPredictor other = await LoadAsync(runtime, s_other);
        (await AnswerAsync(holder, 1)).ShouldBe("left");
        (await AnswerAsync(other, 1)).ShouldBe("right");
        other.Mode.ShouldBe("in-process");
        status.InProcessStopped.ShouldBeNull();

        Task<object?> held = Task.Run(() => AnswerAsync(holder, -1));
        await HeldAsync(pipe);
        Task<object?> waiting = Task.Run(() => AnswerAsync(other, 1));
        var failure = await Should.ThrowAsync<WorkflowException>(() => held);

        failure.Message.ShouldStartWith("Workflow 'holder' 1.0.0: predict did not answer 1 records within 3 s and could not be interrupted");
        (await waiting).ShouldBe("right");
        (await AnswerAsync(holder, 1)).ShouldBe("left");
        (holder.Mode, other.Mode).ShouldBe(("worker", "worker"));
        (holder.ModeReason, other.ModeReason).ShouldBe((failure.Message, failure.Message));
        status.InProcessStopped.ShouldBe(failure.Message);
        fixture.Logged.ShouldContain(line => line.Event == 1312 && line.Text.StartsWith(failure.Message, StringComparison.Ordinal));
        await using (IPredictor later = await LoadAsync(runtime, s_other))
            later.Mode.ShouldBe("worker");

        await ReleaseAsync(pipe, swallows);
    }

    [Fact]
    public async Task LoadAsync_ImportCannotBeInterrupted_IsGivenUp()
    {
        string pipe = Path.Combine(fixture.Folder, "held-import");
        (IWorkflowRuntime runtime, IPythonRuntimeStatus status) = await fixture.CreateAloneAsync();
        await using IPredictor other = await LoadAsync(runtime, s_other);
        (runtime, IPythonRuntimeStatus hastyStatus) = await fixture.CreateAloneAsync(options => options.LoadTimeout = TimeSpan.FromSeconds(5));

        var failure = await Should.ThrowAsync<WorkflowException>(() => LoadAsync(runtime, Holding(pipe, "return ['left'] * batch.rows", "hold()")));

        failure.Message.ShouldStartWith("Workflow 'holder' 1.0.0: its import and the loading of its model took longer than 00:00:05");
        hastyStatus.InProcessStopped.ShouldNotBeNull().ShouldContain("could not be interrupted");
        status.InProcessStopped.ShouldBeNull();
        await ReleaseAsync(pipe);
        (await AnswerAsync(other, 1)).ShouldBe("right");
    }

    /// <summary>A package whose functions end only when the test releases them: no interruption reaches a read of a pipe, and a loop may catch each.</summary>
    private static Package Holding(string pipe, string body, string atImport = "") => new Package("holder", $"""
        import os, time

        def hold():
            os.mkfifo('{pipe}')
            open('{pipe}').read()

        def swallow():
            open('{pipe}', 'w').close()
            while True:
                try:
                    while os.path.exists('{pipe}'):
                        try: time.sleep(0.001)
                        except BaseException: pass
                    return
                except BaseException: pass

        {atImport}

        """ + Sources.Predict(body)).Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(3) });

    private static async Task HeldAsync(string pipe)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!File.Exists(pipe))
            await Task.Delay(5, deadline.Token);
    }

    private static async Task ReleaseAsync(string pipe, bool isFile = false)
    {
        if (isFile)
            File.Delete(pipe);
        else
            File.OpenHandle(pipe, FileMode.Open, FileAccess.Write).Dispose();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (PythonEngine.Current!.IsUnresponsive)
            await Task.Delay(5, deadline.Token);
    }

    private static Task<IPredictor> LoadAsync(IWorkflowRuntime runtime, Package package) => runtime.LoadAsync(
        new PredictorRequest(package.Install(), Package.ModelOfNone(), s_x, ["left", "right"], 64), CancellationToken.None);

    private static async Task<object?> AnswerAsync(IPredictor predictor, double x)
    {
        using RecordBatch batch = Records.Batch(s_x, [x]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Column(0).GetValue(0);
    }
}
