using Mlops.Data;
using Mlops.Python;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

[Collection(RuntimeCollection.Name)]
public sealed class IsolationTests(RuntimeFixture fixture)
{
    private const string UsesHelpers = """
        import helpers
        from helpers import side
        import shapes.square as square
        import shapes.circle
        from shapes import circle
        import vendored
        import json

        class Model:
            def __init__(self, offset):
                self.offset = offset

        def train(data, params, run):
            return Model(float(data.rows))

        def predict(model, batch):
            from helpers import late
            assert square.NAME == "square" and shapes.circle is circle and json.dumps([]) == "[]"
            return {"who": [f"{side()} {helpers.WHO} {late()} {vendored.core.WHO} {type(model).__name__} {model.offset}"] * batch.rows}
        """;

    /// <summary>The ways in which code reaches its modules later than by an import at the top, and what libraries do with their own names.</summary>
    private const string ReachesModules = """
        from __future__ import annotations
        import copy, enum, importlib, pickle, sys, threading, typing
        from dataclasses import dataclass, fields
        from importlib import import_module

        class Side(enum.Enum):
            LEFT = 1

        class Pair(typing.NamedTuple):
            who: str
            side: Side

        @dataclass(frozen=True)
        class Model:
            who: str
            pair: Pair
            known: typing.ClassVar[int] = 7

        def train(data, params, run):
            import vendored.core
            return Model(vendored.core.WHO, Pair(vendored.core.WHO, Side.LEFT))

        def predict(model, batch):
            found = [import_module("vendored.core").WHO, importlib.import_module("vendored").core.WHO]
            found.append(__import__("vendored.core").core.WHO)
            scope = {}
            exec("import vendored.core as c\nwho = c.WHO", globals(), scope)
            found.append(scope["who"])
            found.append(eval("__import__('vendored.core').core.WHO"))
            import vendored
            found += [vendored.lazy.WHO, vendored.relative().WHO, vendored.text(), vendored.resource()]
            heard = []
            def later():
                from vendored.deep import NAME
                heard.append(NAME.removeprefix("deep-"))
            thread = threading.Thread(target=later)
            thread.start()
            thread.join()
            found += heard
            again = pickle.loads(pickle.dumps(copy.deepcopy(model)))
            assert again == model and again.pair.side is Side.LEFT and type(again) is Model, again
            assert [f.name for f in fields(Model)] == ["who", "pair"] and typing.get_type_hints(Model)["pair"] is Pair
            found += [again.who, again.pair.who]
            assert "vendored" not in sys.modules and "helpers" not in sys.modules
            return {"who": [" ".join(sorted(set(found)))] * batch.rows}
        """;

    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    [Fact]
    public async Task LoadAsync_TwoPackagesWithEqualModuleNames_KeepTheirOwn()
    {
        IWorkflowRuntime runtime = fixture.Create();
        var predictors = new List<IPredictor>();
        foreach (string who in (string[])["one", "two"])
        {
            WorkflowPackage package = Helpers(who).Install();
            TrainingJob job = Records.Job(package);
            await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
            predictors.Add(await runtime.LoadAsync(new PredictorRequest(package, job.ModelFolder, s_x, null, 8), CancellationToken.None));
        }

        // A model of the first package loaded again beside the first: both share the package's modules.
        foreach ((IPredictor predictor, string who) in predictors.Zip((string[])["one", "two"]))
        {
            predictor.Mode.ShouldBe("in-process");
            (await AnswerAsync(predictor)).ShouldBe($"side-{who} {who} late-{who} core-{who} Model 200.0");
        }

        await predictors[0].DisposeAsync();
        (await AnswerAsync(predictors[1])).ShouldBe("side-two two late-two core-two Model 200.0");
        await predictors[1].DisposeAsync();
    }

    [Fact]
    public async Task PredictAsync_EveryWayToReachAModule_GivesThePackagesOwn()
    {
        IWorkflowRuntime runtime = fixture.Create();
        var predictors = new List<IPredictor>();
        foreach (string who in (string[])["one", "two"])
        {
            WorkflowPackage package = new Package("reaches", ReachesModules)
                .With("libs/vendored/__init__.py", """
                    import importlib, importlib.resources, pkgutil

                    def __getattr__(name):
                        if name == "lazy":
                            return importlib.import_module(f"{__name__}.core")
                        raise AttributeError(name)

                    def relative():
                        return importlib.import_module(".core", __package__)

                    def text():
                        return pkgutil.get_data(__name__, "who.txt").decode()

                    def resource():
                        return (importlib.resources.files(__package__) / "who.txt").read_text()
                    """)
                .With("libs/vendored/core.py", $"WHO = '{who}'\n").With("libs/vendored/deep.py", $"NAME = 'deep-{who}'\n").With("libs/vendored/who.txt", who)
                .Change(manifest => manifest with { Version = who == "one" ? "1.0.0" : "2.0.0" })
                .WithFields(new WorkflowInput("who", InputType.Text)).Install();
            TrainingJob job = Records.Job(package);
            await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
            predictors.Add(await runtime.LoadAsync(new PredictorRequest(package, job.ModelFolder, s_x, null, 8), CancellationToken.None));
        }

        for (int round = 0; round < 2; round++)
        {
            foreach ((IPredictor predictor, string who) in predictors.Zip((string[])["one", "two"]))
            {
                predictor.Mode.ShouldBe("in-process");
                (await AnswerAsync(predictor)).ShouldBe(who);
            }
        }

        foreach (IPredictor predictor in predictors)
            await predictor.DisposeAsync();
    }

    [Fact]
    public async Task LoadAsync_SwappedManyTimes_EachAnswersWithItsOwnLibrary()
    {
        bool isFull = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";
        (int swaps, int calls) = isFull ? (200, 5000) : (20, 50);
        (WorkflowPackage Package, string Model)[] versions = await Task.WhenAll(((string[])["one", "two"]).Select(async who =>
        {
            WorkflowPackage package = new Package("swapped", """
                import importlib, pickle
                from dataclasses import dataclass, field
                from vendored.core import WHO

                @dataclass
                class Model:
                    who: str
                    rows: list = field(default_factory=list)

                def train(data, params, run):
                    return Model(WHO, [data.rows])

                def predict(model, batch):
                    core = importlib.import_module("vendored.core")
                    copy = pickle.loads(pickle.dumps(model))
                    assert copy == model and type(copy) is Model and importlib.import_module("json").dumps([]) == "[]"
                    return {"who": [f"{core.WHO} {core.late()} {copy.who}"] * batch.rows}
                """)
                .With("libs/vendored/__init__.py", "").With("libs/vendored/core.py", $"WHO = '{who}'\n\ndef late():\n    from vendored.deep import NAME\n    return NAME\n")
                .With("libs/vendored/deep.py", $"NAME = 'deep-{who}'\n")
                .Change(manifest => manifest with { Version = who == "one" ? "1.0.0" : "2.0.0" })
                .WithFields(new WorkflowInput("who", InputType.Text)).Install();
            TrainingJob job = Records.Job(package);
            await fixture.Create().TrainAsync(job, new RecordingObserver(), CancellationToken.None);
            return (package, job.ModelFolder);
        }));
        IPredictor? current = null;
        long resident = 0;
        for (int swap = 0; swap < swaps; swap++)
        {
            (WorkflowPackage package, string model) = versions[swap % 2];
            IPredictor next = await fixture.Create().LoadAsync(new PredictorRequest(package, model, s_x, null, 8), CancellationToken.None);
            if (current is not null)
                await current.DisposeAsync();
            current = next;
            for (int call = 0; call < calls; call++)
                (await AnswerAsync(current)).ShouldBe(swap % 2 == 0 ? "one deep-one one" : "two deep-two two");
            if (swap == swaps / 10)
                resident = Environment.WorkingSet;
        }

        await current!.DisposeAsync();
        PythonEngine.Current!.Run(py => py.Evaluate("len([n for n in __import__('sys').modules if n.startswith('_wf.swapped')])").ToInt64()).ShouldBe(0);
        if (isFull)
            (Environment.WorkingSet - resident).ShouldBeLessThan(64 * 1024 * 1024);
    }

    [Fact]
    public async Task DisposeAsync_LastModelOfAPackage_FreesModelAndModules()
    {
        WorkflowPackage package = new Package("unloads", """
            import weakref, builtins

            class Model:
                pass

            def train(data, params, run):
                return Model()

            kept = []

            def predict(model, batch):
                kept.append(batch["x"])
                if not hasattr(builtins, "seen_models"):
                    builtins.seen_models = []
                builtins.seen_models.append(weakref.ref(model))
                return ["left"] * batch.rows
            """).Install();
        IWorkflowRuntime runtime = fixture.Create();
        TrainingJob job = Records.Job(package);
        await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
        PythonEngine engine = PythonEngine.Current.ShouldNotBeNull();
        var request = new PredictorRequest(package, job.ModelFolder, s_x, ["left"], 8);

        IPredictor first = await runtime.LoadAsync(request, CancellationToken.None);
        IPredictor second = await runtime.LoadAsync(request, CancellationToken.None);
        await AnswerAsync(first);
        await first.DisposeAsync();
        Modules(engine).ShouldBeGreaterThan(0);
        await AnswerAsync(second);
        await second.DisposeAsync();
        await first.DisposeAsync();

        Modules(engine).ShouldBe(0);
        engine.Run(py => py.Evaluate("[r() for r in __import__('builtins').seen_models]").ToList()).ShouldBe([null, null]);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await AnswerAsync(first));
    }

    [Fact]
    public async Task LoadAsync_NeverOrIsolatedOrUntrusted_RunsInAWorker()
    {
        Package package = new("elsewhere", Sources.Predict("return [str(os.getpid() == int(batch['x'][0])).lower()]"));
        package.Change(manifest => manifest with { Output = new WorkflowOutput { Classes = ["true", "false"] } });
        foreach ((Package installed, bool trusted, Mlops.Runtime.InProcessUse use, string mode) in ((Package, bool, Mlops.Runtime.InProcessUse, string)[])[
            (package, true, Mlops.Runtime.InProcessUse.Trusted, "in-process"),
            (package, false, Mlops.Runtime.InProcessUse.Always, "in-process"),
            (package, false, Mlops.Runtime.InProcessUse.Trusted, "worker"),
            (package, true, Mlops.Runtime.InProcessUse.Never, "worker"),
            (Isolated(), true, Mlops.Runtime.InProcessUse.Always, "worker")])
        {
            await using IPredictor predictor = await fixture.Create(options => options.InProcess = use).LoadAsync(
                new PredictorRequest(installed.Install(trusted), Package.ModelOfNone(), s_x, ["true", "false"], 8), CancellationToken.None);

            predictor.Mode.ShouldBe(mode);
            predictor.ProcessId.HasValue.ShouldBe(mode == "worker");
            using RecordBatch batch = Records.Batch(s_x, [(double)Environment.ProcessId]);
            using RecordBatch answers = await predictor.PredictAsync(batch);
            answers.Column(0).GetValue(0).ShouldBe(mode == "worker" ? "false" : "true");
        }

        Package Isolated() => new Package("elsewhere", Sources.Predict("return [str(os.getpid() == int(batch['x'][0])).lower()]"))
            .Change(manifest => manifest with { Isolated = true });
    }

    [Fact]
    public async Task LoadAsync_FolderNamedLikeAModule_DoesNotHideIt()
    {
        Package package = new Package("folders", "import json, data\n" + Sources.Predict("return [json.dumps({}) + data.__name__.rpartition('.')[2]]"))
            .With("json/readme.txt", "no module").With("data/table.csv", "a,b")
            .Change(manifest => manifest with { Output = new WorkflowOutput { Classes = ["{}data"] } });
        await using IPredictor predictor = await fixture.Create().LoadAsync(
            new PredictorRequest(package.Install(), Package.ModelOfNone(), s_x, ["{}data"], 8), CancellationToken.None);

        (await AnswerAsync(predictor)).ShouldBe("{}data");
    }

    private static Package Helpers(string who) => new Package("helped", UsesHelpers)
        .With("helpers.py", $"WHO = '{who}'\n\ndef side():\n    return 'side-' + WHO\n\ndef late():\n    import later\n    return later.NAME\n")
        .With("later.py", $"NAME = 'late-{who}'\n")
        .With("shapes/__init__.py", "from . import circle\n").With("shapes/circle.py", "import helpers\nNAME = 'circle'\n").With("shapes/square.py", "NAME = 'square'\n")
        .With("libs/vendored/__init__.py", "import vendored.core\n").With("libs/vendored/core.py", $"WHO = 'core-{who}'\n")
        .Change(manifest => manifest with { Version = who == "one" ? "1.0.0" : "2.0.0" })
        .WithFields(new WorkflowInput("who", InputType.Text));

    private static long Modules(PythonEngine engine) =>
        engine.Run(py => py.Evaluate("len([n for n in __import__('sys').modules if n.startswith('_wf.unloads')])").ToInt64());

    private static async Task<object?> AnswerAsync(IPredictor predictor)
    {
        using RecordBatch batch = Records.Batch(s_x, [1.0]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Column(0).GetValue(0);
    }
}
