namespace Mlops.Python.Tests.Calling;

[Collection(PythonCollection.Name)]
public sealed class CallingTests(PythonFixture python)
{
    [Fact]
    public async Task Calls_FromSeveralThreads_KeepTheOrderOfEachAndLoseNone()
    {
        const int threads = 6;
        const int each = 300;
        using var list = python.Engine.Run(py => py.List());
        using var append = python.Engine.Run(_ => list.GetAttribute("append"));

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
        {
            var pending = new List<Task>();
            for (var index = 0; index < each; index++)
            {
                var value = (thread * each) + index;
                if (thread % 2 == 0)
                    pending.Add(python.Engine.RunAsync(_ => append.Call(value).Dispose()));
                else
                    python.Engine.Invoke((append, value), static (_, state) => state.append.Call(state.value).IsNone);
            }

            await Task.WhenAll(pending);
        })));

        var seen = python.Engine.Run(_ => list.ToList()).Cast<long>().ToList();
        seen.Count.ShouldBe(threads * each);
        foreach (var group in seen.GroupBy(value => value / each))
            group.ShouldBe(Enumerable.Range(0, each).Select(index => (group.Key * each) + index));
    }

    [Fact]
    public void Run_InsideACall_RunsAtOnce()
    {
        var order = python.Engine.Run(py =>
        {
            var inner = python.Engine.Run(py2 => py2.Evaluate("40 + 2").ToInt64());
            return (inner, python.Engine.IsCallingThread);
        });

        order.ShouldBe((42, true));
        python.Engine.IsCallingThread.ShouldBeFalse();
    }

    [Fact]
    public void Calls_AreMadeOnPythonsMainThread_AndKeepItsThreadLocals()
    {
        python.CallF("import threading\ndef f(): return threading.current_thread() is threading.main_thread()").ShouldBe(true);
        python.CallF("import threading, builtins\ndef f():\n    builtins.kept = threading.local()\n    builtins.kept.value = 5");
        python.CallF("import builtins\ndef f(): return builtins.kept.value").ShouldBe(5L);
    }

    [Fact]
    public void Start_SwitchInterval_IsSet()
        => python.CallF("import sys\ndef f(): return sys.getswitchinterval()").ShouldBe(0.002);

    [Fact]
    public async Task Idle_PythonThreads_Run()
    {
        using var module = python.Engine.Run(py => py.ExecuteModule(
            "background",
            "import threading\nticks = 0\nstop = threading.Event()\ndef work():\n    global ticks\n    while not stop.wait(0.001): ticks += 1\nthreading.Thread(target=work, daemon=True).start()",
            "background.py"));
        var first = Ticks();

        await Eventually.TrueAsync(() => Ticks() > first + 20, "the Python thread counts while no call runs");
        python.Engine.Run(_ =>
        {
            using var stop = module.GetAttribute("stop");
            stop.CallMethod("set").Dispose();
        });

        long Ticks() => python.Engine.Run(_ =>
        {
            using var ticks = module.GetAttribute("ticks");
            return ticks.ToInt64();
        });
    }

    [Fact]
    public void Invoke_SteadyCalls_MakeNoGarbage()
    {
        using var call = python.Engine.Run(py =>
        {
            using var module = py.ExecuteModule("steady", "def f(x): return 7", "steady.py");
            using var argument = py.From(1.5);
            return module.GetAttribute("f").Bind(argument);
        });
        using var cancel = new CancellationTokenSource();
        Repeat(2000);

        var onThread = Allocated();
        var here = GC.GetAllocatedBytesForCurrentThread();
        Repeat(10_000);
        here = GC.GetAllocatedBytesForCurrentThread() - here;
        onThread = Allocated() - onThread;

        here.ShouldBeLessThan(2_000);
        onThread.ShouldBeLessThan(20_000);

        void Repeat(int count)
        {
            for (var index = 0; index < count; index++)
                python.Engine.Invoke(call, static (_, call) => call.InvokeInt64(), "steady", cancel.Token);
        }

        long Allocated() => python.Engine.Run(_ => GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Call_ArgumentsAreObjectsAlready_MakesNoGarbage()
    {
        var bytes = python.Engine.Run(py =>
        {
            using var module = py.ExecuteModule("steady", "def f(*args): pass", "steady.py");
            using var f = module.GetAttribute("f");
            using var a = py.From(1.5);
            using var b = py.From("text");
            f.Invoke(a, b);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var index = 0; index < 10_000; index++)
                f.Invoke(a, b);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        bytes.ShouldBeLessThan(2_000);
    }
}
