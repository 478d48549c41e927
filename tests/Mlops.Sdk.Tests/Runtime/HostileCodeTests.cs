using System.Diagnostics;
using System.Globalization;
using Mlops.Data;
using Mlops.Metrics;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Code in workers that does what it should not: it harms neither the host nor its neighbours, and leaves nothing behind.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class HostileCodeTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    private static readonly Package s_neighbour = new("neighbour", Sources.Predict("return ['right'] * batch.rows"));

    public static TheoryData<string, string> Deeds => new()
    {
        { "while True: pass", "predict did not answer 1 records within 1 s; its process was ended" },
        { "while True:\n    try: time.sleep(0.001)\n    except BaseException: pass", "within 1 s; its process was ended" },
        { "time.sleep(9e9)", "within 1 s; its process was ended" },
        { "while True:\n    try: os.fork()\n    except OSError: pass", "within 1 s; its process was ended" },
        { "bytearray(50 << 30)", "predict raised MemoryError" },
        { "print('last words', flush=True); os._exit(3)", "ended itself with exit code 3 during predict. Its last output:\nlast words" },
        { "import ctypes; ctypes.string_at(0)", "was ended by signal 11 (SIGSEGV" },
        { "sys.exit('enough')", "predict raised SystemExit: enough" },
        { "while True: os.fork()", "predict raised BlockingIOError" },
        { "import socket; socket.create_connection(('127.0.0.1', 1883))", "predict raised PermissionError" },
        { "import socket; socket.socket(socket.AF_UNIX)", "predict raised PermissionError" },
        { "import subprocess; subprocess.run(['unshare', '--user', 'true'], check=True)", "predict raised CalledProcessError" },
        { "open(os.path.join(os.path.dirname(__file__), 'workflow.py'), 'a')", "predict raised PermissionError" },
        { "open('/etc/shadow')", "predict raised PermissionError" },
        { "os.listdir('/root')", "predict raised PermissionError" },
    };

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task PredictAsync_HostileCode_FailsAloneAndLeavesNothing(string deed, string reason)
    {
        await using IPredictor neighbour = await LoadAsync(s_neighbour);
        IPredictor predictor = await LoadAsync(Doing(deed, reason.Contains("within 1 s", StringComparison.Ordinal) ? 1 : 300));
        int process = predictor.ProcessId!.Value;

        Task<object?> call = AnswerAsync(predictor, -1);
        (await AnswerAsync(neighbour, 1)).ShouldBe("right");
        (await Should.ThrowAsync<WorkflowException>(() => call)).Message.ShouldContain(reason);

        (await AnswerAsync(neighbour, 1)).ShouldBe("right");
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        int last = predictor.ProcessId!.Value;
        await predictor.DisposeAsync();
        await EndedAsync(process);
        await EndedAsync(last);
    }

    [Fact]
    public async Task PredictAsync_NodesFilesAndHost_AreOutOfReach()
    {
        string database = Path.Combine(fixture.Folder, "mlops.db");
        await File.WriteAllTextAsync(database, "secret");
        int host = Environment.ProcessId;
        foreach ((string deed, string reason) in ((string, string)[])[
            ($"open('{database}')", "PermissionError"),
            ($"os.listdir('{fixture.Folder}')", "PermissionError"),
            ($"os.remove('{database}')", "PermissionError"),
            ($"open('/proc/{host}/environ').read()", "PermissionError"),
            ($"open('/proc/{host}/mem', 'rb')", "PermissionError"),
            ($"os.kill({host}, 0)", "ProcessLookupError")])
        {
            await using IPredictor predictor = await LoadAsync(Doing(deed));

            (await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1))).Message.ShouldContain($"predict raised {reason}");
        }

        (await File.ReadAllTextAsync(database)).ShouldBe("secret");
    }

    [Fact]
    public async Task TrainAsync_NodesFilesAndNetwork_AreOutOfReach()
    {
        Package package = new("spy", Sources.Train($"""
            import socket
            for deed in (lambda: os.listdir('{fixture.Folder}'), socket.socket, lambda: open('/tmp/left-behind', 'w')):
                try: print('done', deed())
                except PermissionError as error: print('refused')
            with open(os.path.join(os.environ['TMPDIR'], 'own'), 'w') as own: print('own')
            return 1
            """));
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(package.Install()), observer, CancellationToken.None);

        observer.Said.ShouldBe(["out refused", "out refused", "out refused", "out own"]);
    }

    [Fact]
    public async Task DisposeAsync_ThreadsAndDaemonsLeftBehind_EndToo()
    {
        string unique = Random.Shared.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture);
        IPredictor predictor = await LoadAsync(new Package("litter", Sources.Predict($"""
            import subprocess, threading
            def forever():
                while True: time.sleep(0.01)
            for _ in range(5): threading.Thread(target=forever).start()
            subprocess.Popen(['sleep', '{unique}'], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return ['left'] * batch.rows
            """)));
        (await AnswerAsync(predictor, 1)).ShouldBe("left");

        // A process that has just become another program shows no command line for a moment.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!CommandLines().Any(line => line.Contains(unique, StringComparison.Ordinal)))
            await Task.Delay(10, deadline.Token);

        await predictor.DisposeAsync();

        while (CommandLines().Any(line => line.Contains(unique, StringComparison.Ordinal)))
            await Task.Delay(10, deadline.Token);
    }

    [Fact]
    public async Task PredictAsync_PrintsWithoutEnd_IsCutAndSaid()
    {
        int megabytes = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 1000 : 50;
        await using IPredictor predictor = await LoadAsync(new Package("chatty", Sources.Predict($"""
            for _ in range({megabytes} * 125): print('chatty' + 'x' * 7993)
            return ['left'] * batch.rows
            """)).Change(manifest => manifest with { PredictTimeout = TimeSpan.FromMinutes(5) }));
        int before = fixture.Logged.Count;

        (await AnswerAsync(predictor, 1)).ShouldBe("left");

        (int Event, string Text)[] logged = [.. fixture.Logged.Skip(before).Where(line => line.Text.Contains("chatty", StringComparison.Ordinal)).Select(line => (line.Event, line.Text))];
        logged.Length.ShouldBeLessThan(megabytes * 125);
        logged.ShouldContain((1310, "Workflow 'chatty' 1.0.0 prints more than 100 lines a second; what is more is dropped."));
    }

    [Fact]
    public async Task PredictAsync_NewSession_StaysInThatOfItsWorker()
    {
        await using IPredictor predictor = await LoadAsync(new Package("loner", Sources.Predict("""
            import subprocess
            before = os.getsid(0), os.getpgid(0)
            os.setsid()
            os.setpgid(0, 0)
            child = subprocess.run(['sh', '-c', 'cut -d" " -f5,6 /proc/$$/stat'], start_new_session=True, capture_output=True, text=True).stdout.split()
            return ['left' if (os.getsid(0), os.getpgid(0)) == before and child == ['0', '0'] else 'right'] * batch.rows
            """)));

        (await AnswerAsync(predictor, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task PredictAsync_CallThatTakesLong_RanksWithTrainingsUntilItIsAnswered()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-long-").FullName;
        await using IPredictor predictor = await LoadAsync(
            Doing($"os.fork() or time.sleep(9e9)\nwhile not os.path.exists('{folder}/go'): pass"), options => options.WorkerFolders.Add(folder));
        int worker = predictor.ProcessId!.Value;
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        await PlaceAsync(worker, 0);

        Task<object?> call = AnswerAsync(predictor, -1);
        await PlaceAsync(worker, 10);
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");

        (await call).ShouldBe("left");
        await PlaceAsync(worker, 0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task PredictAsync_AfterACallThatHadToBeEnded_TheNextProcessGetsWhatOthersLeaveUntilItHasAnsweredWell()
    {
        await using IPredictor predictor = await LoadAsync(Doing("while True: pass", seconds: 1));
        await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));

        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        int worker = predictor.ProcessId!.Value;
        await PlaceAsync(worker, 19);
        for (int answer = 0; answer < 32; answer++)
            (await AnswerAsync(predictor, 1)).ShouldBe("left");

        predictor.ProcessId.ShouldBe(worker);
        await PlaceAsync(worker, 0);
    }

    [Fact]
    public async Task PredictAsync_ThreadsThatComputeOn_GetWhatOthersLeave()
    {
        int before = fixture.Logged.Count;
        await using IPredictor predictor = await LoadAsync(new Package("ghosts", Sources.Predict("""
            import threading
            def forever():
                while True: pass
            for _ in range(4): threading.Thread(target=forever, daemon=True).start()
            return ['left'] * batch.rows
            """)));

        (await AnswerAsync(predictor, 1)).ShouldBe("left");

        await PlaceAsync(predictor.ProcessId!.Value, 19);
        fixture.Logged.Skip(before).ShouldContain(line => line.Event == 1317 && line.Text.Contains("'ghosts' 1.0.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadAsync_Worker_TellsWhatContainsIt()
    {
        await using IPredictor predictor = await LoadAsync(s_neighbour);

        string[] expected = ["memory", "process space", "privileges", "processes", "files", "network", "processors", .. Environment.IsPrivilegedProcess ? (string[])["account"] : []];
        fixture.Status.Containment.Where(measure => measure.Active).Select(measure => measure.Name).ShouldBe(expected, ignoreOrder: true);
        fixture.Logged.ShouldContain(line => line.Event == 1308 && line.Text.Contains("files (Landlock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_HostIsNotRoot_IsContainedAsWell()
    {
        // A host of another account cannot be had in this process: a stand-in starts the worker and prints what it reports and says.
        PythonInstallation python = await fixture.LocateAsync();
        string folder = Directory.CreateTempSubdirectory("mlops-standin-").FullName;
        string archive = RuntimeArchive.Ensure(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "workflow.py"), """
            import os
            for path in ('/etc/hosts', '/tmp'):
                try: print(path, os.open(path, os.O_RDONLY))
                except OSError as error: print(path, type(error).__name__)
            children = []
            try:
                for _ in range(200): children.append(os.fork() or os._exit(0))
            except BlockingIOError: print('enough')
            """);
        string standIn = """
            import json, os, socket, struct, subprocess, sys
            folder, archive = sys.argv[1:]
            os.chmod(folder, 0o777); os.chmod(archive, 0o644); os.chmod(folder + '/workflow.py', 0o644)
            if os.getuid() == 0: os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
            os.mkdir(folder + '/own')
            listener = socket.socket(socket.AF_UNIX); listener.bind(folder + '/own/s'); listener.listen(1)
            settings = json.dumps({"address": folder + '/own/s', "token": "t", "priority": 0, "memory": 1 << 30, "containment": "require", "processes": 64, "folders": [], "data": folder + "/data"})
            code = "import sys; sys.path.insert(0, sys.argv[1]); from mlops._worker import main; main()"
            worker = subprocess.Popen([sys.executable, "-I", "-c", code, archive], stdin=subprocess.PIPE, env={"MLOPS_WORKER": settings})
            connection = listener.accept()[0]
            load = json.dumps({"package": {"name": "p", "version": "1", "digest": "d", "folder": folder}, "model": folder, "classes": ["a"], "fields": None}).encode()
            connection.sendall(struct.pack("<IB", len(load) + 1, 2) + load)
            kind, data = 0, connection.makefile("rb")
            while kind not in (69, 70):
                length, kind = struct.unpack("<IB", data.read(5))
                payload = data.read(length - 1)
                if kind == 71: print(*sorted(m["name"] for m in json.loads(payload)["measures"] if m["active"]), sep=", ")
                if kind == 67: print(json.loads(payload)["line"])
                if kind == 69: print(json.loads(payload)["message"])
            """;

        using var process = Process.Start(new ProcessStartInfo(python.Executable, ["-c", standIn, folder, archive]) { RedirectStandardOutput = true })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        said.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([
            "files, memory, network, privileges, process space, processes",
            "/etc/hosts PermissionError",
            "/tmp PermissionError",
            "enough",
            "Workflow 'p' 1: workflow.py has no function 'predict'; define predict(model, batch).",
        ]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task LoadAsync_RequiredButNotPermitted_RunsNothing()
    {
        // A limit of no memory at all is one that is not there.
        var failure = await Should.ThrowAsync<WorkflowException>(() => LoadAsync(s_neighbour, options =>
        {
            options.Containment = WorkerContainment.Require;
            options.WorkerMemoryMiB = 0;
        }));

        failure.Message.ShouldBe(
            "Workflow 'neighbour' 1.0.0: Mlops:Runtime:Containment is 'require', but this system does not permit: memory (Mlops:Runtime:WorkerMemoryMiB sets no limit). Permit it, or set 'prefer'.");
    }

    [Fact]
    public async Task PredictAsync_FolderOfTheOptions_IsReadable()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-reference-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "side.txt"), "right");
        Package package = new("reader", Sources.Predict($"return [open('{folder}/side.txt').read()] * batch.rows"));
        await using IPredictor predictor = await LoadAsync(package, options => options.WorkerFolders.Add(folder));

        (await AnswerAsync(predictor, 1)).ShouldBe("right");
        Directory.Delete(folder, recursive: true);
    }

    private static Package Doing(string deed, int seconds = 300) =>
        new Package("hostile", Sources.Predict($"if batch['x'][0] < 0:\n    {deed.Replace("\n", "\n    ", StringComparison.Ordinal)}\nreturn ['left'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(seconds) });

    private Task<IPredictor> LoadAsync(Package package, Action<PythonRuntimeOptions>? configure = null) => fixture.Create(configure).LoadAsync(
        new PredictorRequest(package.Install(trusted: false), Package.ModelOfNone(), s_x, ["left", "right"], 64), CancellationToken.None);

    private static async Task<object?> AnswerAsync(IPredictor predictor, double x)
    {
        using RecordBatch batch = Records.Batch(s_x, [x]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Column(0).GetValue(0);
    }

    /// <summary>Waits until a worker has a place among those who want the processors: by the share of its session, the slices of each of its threads and, where the host may give it back, the nice value of each of its processes.</summary>
    private static async Task PlaceAsync(int worker, int niceness)
    {
        string session = worker.ToString(CultureInfo.InvariantCulture), nice = niceness.ToString(CultureInfo.InvariantCulture);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!HasShare(worker, nice) || !HasSlices(worker, niceness) || (WorkerPriority.MayRaise && Stats().Any(fields => fields[3] == session && fields[16] != nice)))
            await Task.Delay(10, deadline.Token);
    }

    private static bool HasShare(int worker, string niceness)
    {
        string file = $"/proc/{worker}/autogroup";
        return !File.Exists(file) || File.ReadAllText(file).EndsWith($" nice {niceness}\n", StringComparison.Ordinal);
    }

    // Systems before Linux 6.12, and those that are built without the file, say nothing of slices.
    private static bool HasSlices(int worker, int niceness) => new ProcessTree(TimeProvider.System, worker).ReadThreadIds()
        .Select(thread => $"/proc/{thread}/sched").Where(File.Exists).SelectMany(ReadLines).Where(line => line.StartsWith("se.slice ", StringComparison.Ordinal))
        .All(line => line.EndsWith(" 100000000", StringComparison.Ordinal) == niceness >= WorkerPriority.Starting);

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return []; // The thread ended meanwhile.
        }
    }

    /// <summary>Waits until no process of the session that the worker led is left.</summary>
    private static async Task EndedAsync(int worker)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Stats().Any(fields => fields[3] == worker.ToString(CultureInfo.InvariantCulture)))
            await Task.Delay(10, deadline.Token);
    }

    /// <summary>Returns what the system says of each process, from the third field on: 6 is the session, 19 the nice value (proc(5)).</summary>
    private static IEnumerable<string[]> Stats() => Contents("stat").Select(stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '));

    private static IEnumerable<string> CommandLines() => Contents("cmdline");

    private static IEnumerable<string> Contents(string file)
    {
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            string content;
            try
            {
                content = File.ReadAllText(Path.Combine(process, file));
            }
            catch (IOException)
            {
                // It has ended since.
                continue;
            }

            if (content.Length > 0)
                yield return content;
        }
    }
}
