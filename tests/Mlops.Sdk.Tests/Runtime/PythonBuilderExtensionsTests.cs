using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

[Collection(RuntimeCollection.Name)]
public sealed class PythonBuilderExtensionsTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    [Fact]
    public async Task AddPython_CalledTwice_RegistersOneRuntimeWithItsSettings()
    {
        await using ServiceProvider services = Build(new() { ["Mlops:Runtime:InProcess"] = "Never", ["Mlops:Runtime:TrainingThreads"] = "1", ["Mlops:Python:Executable"] = "/opt/python" });

        services.GetServices<IWorkflowRuntime>().ShouldHaveSingleItem().Kind.ShouldBe("python");
        services.GetRequiredService<IOptions<PythonRuntimeOptions>>().Value.InProcess.ShouldBe(InProcessUse.Never);
        services.GetRequiredService<IOptions<PythonRuntimeOptions>>().Value.TrainingThreads.ShouldBe(1);
        services.GetRequiredService<IOptions<PythonOptions>>().Value.Executable.ShouldBe("/opt/python");
    }

    [Fact]
    public async Task AddPython_SettingOutOfRange_IsRefused()
    {
        await using ServiceProvider services = Build(new() { ["Mlops:Runtime:TrainingNiceness"] = "20" });

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<PythonRuntimeOptions>>().Value).Message.ShouldContain("TrainingNiceness");
    }

    [Fact]
    public async Task LoadAsync_ExecutableThatIsNotThere_SaysWhatWasTried()
    {
        await using ServiceProvider services = Build(new() { ["Mlops:Python:Executable"] = "/nowhere/python3" });

        var failure = await Should.ThrowAsync<WorkflowException>(() => services.GetRequiredService<IWorkflowRuntime>().LoadAsync(
            new PredictorRequest(new Package("nowhere", Sources.Predict("return 1")).Install(), Package.ModelOfNone(), s_x, ["left"], 8), CancellationToken.None));

        failure.Message.ShouldStartWith("Workflow 'nowhere' 1.0.0 cannot run on this node: ");
        failure.Message.ShouldContain("/nowhere/python3");
    }

    [Fact]
    public async Task LoadAsync_AnotherInterpreterRunsInProcess_UsesAWorkerAndSaysSoOnce()
    {
        // The fixture's interpreter runs in this process, so the one of this virtual environment cannot.
        await using (IPredictor first = await fixture.Create().LoadAsync(Request(), CancellationToken.None))
            first.Mode.ShouldBe("in-process");
        PythonInstallation python = await fixture.LocateAsync();
        string environment = Path.Combine(fixture.Folder, "environment");
        using (Process venv = Process.Start(python.Executable, ["-m", "venv", "--without-pip", "--system-site-packages", environment]))
            await venv.WaitForExitAsync();
        await using ServiceProvider services = Build(new() { ["Mlops:Python:Executable"] = environment });
        IWorkflowRuntime runtime = services.GetRequiredService<IWorkflowRuntime>();

        for (int time = 0; time < 2; time++)
        {
            await using IPredictor predictor = await runtime.LoadAsync(Request(), CancellationToken.None);
            predictor.Mode.ShouldBe("worker");
            using RecordBatch batch = Records.Batch(s_x, [1.0]);
            using RecordBatch answers = await predictor.PredictAsync(batch);
            answers.Column(0).GetValue(0).ShouldBe("left");
        }

        fixture.Logged.Count(line => line.Event == 1302).ShouldBe(1);

        static PredictorRequest Request() =>
            new(new Package("fallback", Sources.Predict("return ['left'] * batch.rows")).Install(), Package.ModelOfNone(), s_x, ["left"], 8);
    }

    private ServiceProvider Build(Dictionary<string, string?> settings)
    {
        settings["Mlops:DataFolder"] = fixture.Folder;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(fixture));
        services.AddMlopsCore(configuration.GetSection("Mlops")).AddPython().AddPython();
        return services.BuildServiceProvider();
    }
}
