namespace Mlops.Python.Tests.Calling;

[Collection(PythonCollection.Name)]
public sealed class CancellationTests(PythonFixture python)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("def f():\n    started()\n    while True: pass")]
    [InlineData("def f():\n    started()\n    while True: sum(range(1000))")]
    [InlineData("import time\ndef f():\n    started()\n    while True: time.sleep(0.01)")]
    [InlineData("def f():\n    started()\n    while True:\n        try:\n            while True: pass\n        except Exception: pass")]
    [InlineData("def f():\n    started()\n    try:\n        while True: pass\n    except BaseException: pass\n    while True: pass")]
    public async Task Cancel_RunningLoop_StopsIt(string source)
    {
        using var cancel = new CancellationTokenSource();
        var task = await StartAsync(source, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(task.WaitAsync(s_deadline));
        task.IsCanceled.ShouldBeTrue();
        python.CallF("def f(): return 'next'").ShouldBe("next");
    }

    [Fact]
    public async Task Cancel_SynchronousCall_ThrowsWithTheToken()
    {
        using var cancel = new CancellationTokenSource();
        using var started = new SemaphoreSlim(0);
        var task = Task.Run(() => python.Engine.Run(
            py =>
            {
                started.Release();
                py.ExecuteModule("endless", "while True: pass", "endless.py");
            },
            cancel.Token));
        (await started.WaitAsync(s_deadline)).ShouldBeTrue();

        await cancel.CancelAsync();

        var error = await Should.ThrowAsync<OperationCanceledException>(task.WaitAsync(s_deadline));
        error.CancellationToken.ShouldBe(cancel.Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_CallCannotBeInterrupted_CallerIsLetGoAndTheNextCallRunsWhenItEnds(bool blocking)
    {
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, "held");
        string source = $"import os\nos.mkfifo('{pipe}')\nopen('{pipe}').read()";
        using var cancel = new CancellationTokenSource();
        Task call = blocking
            ? Task.Run(() => python.Engine.Invoke(source, static (py, text) => py.ExecuteModule("held", text, "held.py").Dispose(), "held", cancel.Token))
            : python.Engine.RunAsync(py => py.ExecuteModule("held", source, "held.py").Dispose(), "held", cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(pipe), "the call begins");

        await cancel.CancelAsync();

        var failure = await Should.ThrowAsync<PythonUnresponsiveException>(call.WaitAsync(s_deadline));
        failure.Message.ShouldBe("The Python call of 'held' was cancelled but went on for 2 s.");
        failure.CancellationToken.ShouldBe(cancel.Token);
        python.Engine.IsUnresponsive.ShouldBeTrue();
        File.OpenHandle(pipe, FileMode.Open, FileAccess.Write).Dispose();
        await Eventually.TrueAsync(() => !python.Engine.IsUnresponsive, "the call ends");
        python.CallF("def f(): return 'next'").ShouldBe("next");
    }

    [Fact]
    public async Task Cancel_CodeRaisesSomethingElse_IsStillACancellation()
    {
        using var cancel = new CancellationTokenSource();
        var task = await StartAsync("def f():\n    started()\n    try:\n        while True: pass\n    except BaseException: raise ValueError('cleanup failed')", cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(task.WaitAsync(s_deadline));
    }

    [Fact]
    public async Task Cancel_WaitingCall_NeverRuns()
    {
        using var blocker = new CancellationTokenSource();
        using var cancel = new CancellationTokenSource();
        var running = await StartAsync("def f():\n    started()\n    while True: pass", blocker.Token);
        var hasRun = false;
        var waiting = python.Engine.RunAsync(_ => { hasRun = true; }, cancel.Token);
        python.Engine.WaitingCalls.ShouldBe(1);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(s_deadline));
        await blocker.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(s_deadline));

        python.CallF("def f(): return 1").ShouldBe(1L);
        hasRun.ShouldBeFalse();
    }

    [Fact]
    public void Cancel_BeforeTheCall_ThrowsWithoutRunning()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Should.Throw<OperationCanceledException>(() => python.Engine.Run(_ => throw new InvalidOperationException("ran"), cancel.Token));
        python.Engine.RunAsync(_ => throw new InvalidOperationException("ran"), cancel.Token).IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancel_AboutWhenTheCallEnds_NeverHitsTheNextCall()
    {
        using var ends = python.Engine.Run(py => py.ExecuteModule(
            "ends",
            "def good(n):\n    for _ in range(n): pass\n    return n\ndef bad(n):\n    good(n)\n    raise ValueError(n)\ndef nothing(): pass",
            "ends.py"));
        var random = new Random(7);
        var outcomes = new int[3];
        for (var round = 0; round < 150; round++)
        {
            using var cancel = new CancellationTokenSource();
            var function = round % 2 == 0 ? "good" : "bad";
            var task = python.Engine.RunAsync(
                _ =>
                {
                    cancel.CancelAfter(TimeSpan.FromMilliseconds(1));
                    ends.CallMethod(function, random.Next(400_000)).Dispose();
                },
                cancel.Token);
            try
            {
                await task;
                outcomes[0]++;
            }
            catch (OperationCanceledException)
            {
                outcomes[1]++;
            }
            catch (PythonException error)
            {
                error.TypeName.ShouldBe("ValueError");
                outcomes[2]++;
            }

            python.Engine.Run(_ => ends.CallMethod("good", 5_000).ToInt64()).ShouldBe(5_000);
        }

        outcomes[1].ShouldBeGreaterThan(0);
        (outcomes[0] + outcomes[2]).ShouldBeGreaterThan(0);
    }

    /// <summary>Starts f of the source and returns its task once it runs, which it tells by printing.</summary>
    private async Task<Task> StartAsync(string source, CancellationToken token)
    {
        var tag = "cancel " + Guid.NewGuid();
        using var module = await python.Engine.RunAsync(py => py.ExecuteModule("cancelled", "def started(): print('started')\n" + source, "cancelled.py"), CancellationToken.None);
        var f = await python.Engine.RunAsync(_ => module.GetAttribute("f"), CancellationToken.None);
        var running = python.Engine.RunAsync(_ => f.Invoke(), tag, token);
        await Eventually.TrueAsync(() => python.LinesOf(tag).Count > 0, "the function runs");
        return running;
    }
}
