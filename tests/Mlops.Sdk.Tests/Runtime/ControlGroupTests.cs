using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Control groups of workers. Where the system gives this process none to divide, a folder stands for it that only remembers what is written.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class ControlGroupTests(RuntimeFixture fixture) : IDisposable
{
    private const long Limit = 600L << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-groups-").FullName;

    [Fact]
    public async Task LoadAsync_FolderOfGroups_WorkerIsInOneWithItsLimits()
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), "cpu memory pids\n");
        IPredictor predictor = await LoadAsync(options => options.ControlGroup = _folder);

        string group = Directory.GetDirectories(_folder).ShouldHaveSingleItem();
        Read(group, "memory.max").ShouldBe("629145600");
        Read(group, "memory.oom.group").ShouldBe("1");
        Read(group, "pids.max").ShouldBe("67");
        Read(group, "cpu.weight.nice").ShouldBe("0");
        Read(group, "cgroup.procs").ShouldBe("0");
        Read(_folder, "cgroup.subtree_control").ShouldBe("+memory +pids +cpu");
        Measure("memory").ShouldBe("rlimit, 600 MiB a process; cgroup, 600 MiB together");

        await predictor.DisposeAsync();

        Read(group, "cgroup.kill").ShouldBe("1");
    }

    [Fact]
    public async Task LoadAsync_ThisSystem_SaysWhichLimitsHold()
    {
        await using IPredictor predictor = await LoadAsync(_ => { });

        bool hasGroups = ControlGroups.Find(null) is not null;
        Measure("memory").ShouldBe(hasGroups ? "rlimit, 600 MiB a process; cgroup, 600 MiB together" : "rlimit, 600 MiB a process");
    }

    [Theory]
    [InlineData("0::/system.slice/press.service/host", "/system.slice/press.service")]
    [InlineData("0::/system.slice/press.service", null)]
    [InlineData("0::/", null)]
    [InlineData("1:memory:/system.slice/press.service/host", null)]
    public void Find_OwnGroup_IsItsUnitOnlyWhenSystemdGaveIt(string own, string? expected)
    {
        string unit = Directory.CreateDirectory(Path.Combine(_folder, "system.slice", "press.service")).FullName;
        foreach (string folder in (string[])[_folder, Path.GetDirectoryName(unit)!, unit])
            File.WriteAllText(Path.Combine(folder, "cgroup.controllers"), "memory pids\n");
        string mounts = Path.Combine(_folder, "mounts"), group = Path.Combine(_folder, "own");
        File.WriteAllText(mounts, $"25 1 0:22 / /proc rw - proc proc rw\n30 25 0:26 / {_folder} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n");
        File.WriteAllText(group, own + "\n");

        ControlGroups.Find(null, mounts, group).ShouldBe(expected is null ? null : _folder + expected);
    }

    [Theory]
    [InlineData("cpu io")]
    [InlineData("memory")]
    public void Find_ControllersMissing_IsNone(string controllers)
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), controllers);

        ControlGroups.Find(_folder).ShouldBeNull();
    }

    [Fact]
    public void Find_GroupsLeftByACrash_AreRemoved()
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), "memory pids");
        string left = Directory.CreateDirectory(ControlGroups.NewFolder(_folder)).FullName;
        string other = Directory.CreateDirectory(Path.Combine(_folder, "host")).FullName;

        ControlGroups.Find(_folder).ShouldBe(_folder);

        Directory.Exists(left).ShouldBeFalse();
        Directory.Exists(other).ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));

    private string Measure(string name) => fixture.Status.Containment.Single(measure => measure.Name == name).By;

    private async Task<IPredictor> LoadAsync(Action<PythonRuntimeOptions> configure)
    {
        // A worker that waits would have a group too.
        await using var none = new WorkerPool(Options.Create(new PythonRuntimeOptions { SpareWorkers = 0 }), NullLogger<WorkerPool>.Instance);
        IWorkflowRuntime runtime = fixture.Create(
            options =>
            {
                (options.WorkerMemoryMiB, options.WorkerProcesses) = ((int)(Limit >> 20), 64);
                configure(options);
            },
            none);
        return await runtime.LoadAsync(
            new PredictorRequest(
                new Package("grouped", Sources.Predict("return ['left'] * batch.rows")).Install(trusted: false),
                Package.ModelOfNone(), Records.Schema(("x", FieldType.Float64)), ["left", "right"], 64),
            CancellationToken.None);
    }
}
