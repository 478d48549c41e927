using Mlops.Prediction;
using Mlops.Sdk.Tests.Runtime;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>Deployments whose code does what it should not, through a whole node: what becomes of their records, their state and their neighbours.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class HostileDeploymentTests : IDisposable
{
    private const string Ended = "within 3 s; its process was ended";
    private const string LastPlace = "It had the last place on the processors";
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-hostile").FullName;

    /// <summary>What a record asks for by its number, and the reason that its answer is to give; null where it is to be answered.</summary>
    private static readonly (string Deed, string? Reason)[] s_deeds =
    [
        // What is answered comes first, from the usual place: after the others the worker gets what is left of the processors, which may be too little.
        ("for _ in range(2_000): print('x' * 1000)", null),
        ("import threading\nfor _ in range(5): threading.Thread(target=time.sleep, args=(9e9,)).start()", null),
        ("while True: pass", Ended),
        ("while True:\n    try: time.sleep(0.001)\n    except BaseException: pass", $"{Ended}. {LastPlace}"),
        ("time.sleep(9e9)", Ended),
        ("while True:\n    try: os.fork()\n    except OSError: pass", Ended),
        ("bytearray(50 << 30)", "predict raised MemoryError"),
        ("print('last words', flush=True); os._exit(3)", "ended itself with exit code 3 during predict. Its last output:\nlast words"),
        ("import ctypes; ctypes.string_at(0)", "was ended by signal 11 (SIGSEGV"),
        ("sys.exit('enough')", "predict raised SystemExit: enough"),
        ("open(DATABASE)", "predict raised PermissionError"),
        ("import socket; socket.create_connection(('127.0.0.1', 1883))", "predict raised PermissionError"),
    ];

    [Fact]
    public async Task Deployment_HostileCodeInAWorker_FailsForItsRecordsAloneAndSaysWhy()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, python: true);
        await node.WriteAsync(1);
        string neighbour = await DeployAsync(node, "neighbour", trusted: true, "pass"), hostile = await DeployAsync(node, "hostile", trusted: false, "exec(DEEDS[int(-x) - 1], globals())", timeout: "3s");
        (Mode(node, neighbour), Mode(node, hostile)).ShouldBe(("in-process", "worker"));

        for (int deed = 1; deed <= s_deeds.Length; deed++)
        {
            await node.WaitAsync(hostile, await node.WriteAsync(-deed));
            await node.WaitAsync(hostile, await node.WriteAsync(deed));
            node.Deployments.Find(hostile)!.State.ShouldBe(DeploymentState.Running, s_deeds[deed - 1].Deed);
        }

        List<PredictionResult> answers = await node.AnswersAsync(hostile);
        answers.Count.ShouldBe(2 * s_deeds.Length);
        for (int deed = 1; deed <= s_deeds.Length; deed++)
        {
            (PredictionResult asked, PredictionResult next) = (answers[(2 * deed) - 2], answers[(2 * deed) - 1]);
            if (!IsStarved(next))
                next.Values["y"].ShouldBe((double)deed, $"{s_deeds[deed - 1].Deed}: {next.Values.GetValueOrDefault("error")}");
            if ((IsStarved(asked) ? $"{Ended}. {LastPlace}" : s_deeds[deed - 1].Reason) is { } reason)
                ((string)asked.Values["error"]!).ShouldContain(reason);
            else
                asked.Values["y"].ShouldBe((double)-deed, $"{s_deeds[deed - 1].Deed}: {asked.Values.GetValueOrDefault("error")}");
        }

        // One failure after the other is the model's fault: the deployment says so and waits, and nobody else does.
        await node.WriteAsync([.. Enumerable.Repeat(-10.0, 10)]);
        await PredictionNode.UntilAsync(() => node.Deployments.Find(hostile)!.State == DeploymentState.Faulted);
        string fault = node.Deployments.Find(hostile)!.Reason!;
        (fault.Contains("Workflow 'hostile' 1.0.0: predict raised SystemExit: enough", StringComparison.Ordinal) || fault.Contains(LastPlace, StringComparison.Ordinal)).ShouldBeTrue(fault);
        long last = await node.WriteAsync(7);
        await node.WaitAsync(neighbour, last);
        (node.Deployments.Find(neighbour)!.State, Mode(node, neighbour)).ShouldBe((DeploymentState.Running, "in-process"));
        (await node.AnswersAsync(neighbour)).ShouldAllBe(a => a.Values["y"] != null);
        (await node.AnswersAsync(neighbour)).Count.ShouldBe((2 * s_deeds.Length) + 11);
    }

    [Fact]
    public async Task Deployment_TrustedCodeOverItsTime_GoesOnInAWorkerAndSaysSo()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, python: true);
        await node.WriteAsync(1);
        string neighbour = await DeployAsync(node, "beside", trusted: true, "pass", timeout: "10s"), hostile = await DeployAsync(node, "loops", trusted: true, "exec(DEEDS[int(-x) - 1], globals())");
        DeploymentInfo before = node.Deployments.Find(hostile)!;
        (before.Mode, before.ModeReason).ShouldBe(("in-process", null));

        foreach (double x in (double[])[2, -10, 3, -3, 4, 5])
            await node.WaitAsync(hostile, await node.WriteAsync(x));

        DeploymentInfo after = node.Deployments.Find(hostile)!;
        (after.State, after.Mode).ShouldBe((DeploymentState.Running, "worker"));
        after.ModeReason.ShouldBe("Workflow 'loops' 1.0.0: predict did not answer 1 records within 1 s inside the host's process and was interrupted.");
        List<PredictionResult> answers = await node.AnswersAsync(hostile);
        answers.Select(a => a.Values["y"]).ShouldBe([2.0, null, 3.0, null, 4.0, 5.0]);
        ((string)answers[1].Values["error"]!).ShouldContain("predict raised SystemExit: enough");
        ((string)answers[3].Values["error"]!).ShouldContain("was interrupted. It predicts in a worker from now on.");
        await node.WaitAsync(neighbour, node.Deployments.Find(hostile)!.Position);
        (await node.AnswersAsync(neighbour)).Select(a => a.Values["y"]).ShouldBe([2.0, -10.0, 3.0, -3.0, 4.0, 5.0]);
        (Mode(node, neighbour), node.Deployments.Find(neighbour)!.ModeReason).ShouldBe(("in-process", null));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Tells whether a record was not answered in time because others took the processors, as the rest of this test run may; it gets its reason as well.</summary>
    private static bool IsStarved(PredictionResult answer) =>
        answer.Values.GetValueOrDefault("error") is string error && error.Contains(LastPlace, StringComparison.Ordinal);

    private static string Mode(PredictionNode node, string deployment) => node.Deployments.Find(deployment)!.Mode;

    private async Task<string> DeployAsync(PredictionNode node, string name, bool trusted, string whenNegative, string timeout = "1s")
    {
        string package = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), $$"""
            name: {{name}}
            version: 1.0.0
            runtime: python
            inputs: [{name: x, type: number}]
            output: {fields: [{name: y, type: number}]}
            timeouts: {predict: {{timeout}}}
            """);
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.py"), $"""
            import os, sys, time

            DATABASE = {Quote(Path.Combine(_folder, "data", "mlops.db"))}
            DEEDS = [{string.Join(", ", s_deeds.Select(d => Quote(d.Deed)))}]

            def train(data, params, run):
                return None

            def predict(model, batch):
                for x in batch["x"]:
                    if x < 0:
                        {whenNegative}
                return dict(y=batch["x"].copy())
            """);
        await node.Get<IWorkflowCatalog>().InstallAsync(package, trusted);
        string model = await node.TrainAsync(new TrainingRequest { Workflow = name, Feed = PredictionNode.Feed });
        return (await node.DeployAsync(model)).Id;
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text, s_python);

    private static readonly System.Text.Json.JsonSerializerOptions s_python = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
