namespace Mlops.Python.Tests.Values;

[Collection(PythonCollection.Name)]
public sealed class ObjectTests(PythonFixture python)
{
    [Fact]
    public void Attributes_AndItems_AreReadAndWritten() => python.Engine.Run(py =>
    {
        using var types = py.Import("types");
        using var target = types.CallMethod("SimpleNamespace");
        target.SetAttribute("value", 5);
        using var value = target.GetAttribute("value");
        value.ToInt64().ShouldBe(5);
        target.TryGetAttribute("missing", out _).ShouldBeFalse();
        target.TryGetAttribute("value", out var again).ShouldBeTrue();
        again!.Dispose();

        using var dict = py.Dict();
        dict.SetItem("a", 1);
        dict.SetItem(2, "b");
        dict.Length.ShouldBe(2);
        dict.Contains("a").ShouldBeTrue();
        dict.Contains("b").ShouldBeFalse();
        using var item = dict.GetItem(2);
        item.ToText().ShouldBe("b");
        dict.ToDictionary().Count.ShouldBe(2);
        Should.Throw<PythonException>(() => dict.GetItem("nothing")).TypeName.ShouldBe("KeyError");

        using var list = py.List(1, 2, 3);
        list.Enumerate().Select(number => number.ToInt64()).ShouldBe([1L, 2L, 3L]);
        list.ToList().ShouldBe([1L, 2L, 3L]);
        Should.Throw<PythonException>(() => value.Length).TypeName.ShouldBe("TypeError");
    });

    [Fact]
    public void Call_PositionalKeywordsAndMethods_ReachTheFunction() => python.Engine.Run(py =>
    {
        using var module = py.ExecuteModule("called", "def f(*args, **kwargs): return args, kwargs\nn = 0\ndef count():\n    global n\n    n += 1\n    return n", "called.py");
        using var f = module.GetAttribute("f");
        using var one = py.From(1L);
        using var text = py.From("x");

        Text(f.Call()).ShouldBe("((), {})");
        Text(f.Call(one, text)).ShouldBe("((1, 'x'), {})");
        Text(f.Call(1, null, "y")).ShouldBe("((1, None, 'y'), {})");
        Text(f.CallWithKeywords(new Dictionary<string, object?> { ["k"] = 2.5 }, 1)).ShouldBe("((1,), {'k': 2.5})");
        Text(module.CallMethod("f", "z")).ShouldBe("(('z',), {})");
        using var bound = f.Bind(one, text);
        Text(bound.Call()).ShouldBe("((1, 'x'), {})");

        using var count = module.GetAttribute("count");
        count.Invoke();
        using var boundCount = count.Bind();
        boundCount.Invoke();
        boundCount.InvokeInt64().ShouldBe(3);
        boundCount.InvokeDouble().ShouldBe(4);
        Should.Throw<PythonException>(() => one.Call()).Message.ShouldContain("'int' object is not callable");

        static string Text(PythonObject value)
        {
            using (value)
                return value.ToString();
        }
    });

    [Fact]
    public void ExecuteModule_Again_ReplacesTheModuleUnlessItFails() => python.Engine.Run(py =>
    {
        using var first = py.ExecuteModule("replaced", "value = 1", "replaced.py");
        Should.Throw<PythonException>(() => py.ExecuteModule("replaced", "value = 2\nraise ValueError", "replaced.py"));
        using var kept = py.Import("replaced");
        kept.GetAttribute("value").ToInt64().ShouldBe(1);

        using var second = py.ExecuteModule("replaced", "value = 3", "replaced.py");
        using var imported = py.Import("replaced");
        imported.GetAttribute("value").ToInt64().ShouldBe(3);
        Should.Throw<PythonException>(() => py.ExecuteModule("never_there", "raise ValueError", "x.py"));
        Should.Throw<PythonException>(() => py.Import("never_there")).TypeName.ShouldBe("ModuleNotFoundError");
    });

    [Fact]
    public void Use_OutsideACall_ThrowsAndDisposeDoesNot()
    {
        var value = python.Engine.Run(py => py.From("kept"));
        PythonScope? scope = null;
        python.Engine.Run(py => { scope = py; });

        Should.Throw<InvalidOperationException>(() => value.ToText()).Message.ShouldContain("PythonEngine.Run");
        Should.Throw<InvalidOperationException>(() => scope!.Import("sys"));
        Should.Throw<InvalidOperationException>(() => scope!.From(1L));
        value.ToString().ShouldBe("Python object");
        python.Engine.Run(_ => value.ToText()).ShouldBe("kept");
        value.Dispose();
        value.Dispose();
        Should.Throw<ObjectDisposedException>(() => python.Engine.Run(_ => value.ToText()));
    }

    [Fact]
    public void Calls_TenThousand_LeaveNoReferencesBehind()
    {
        var (before, after) = python.Engine.Run(py =>
        {
            using var sys = py.Import("sys");
            using var gc = py.Import("gc");
            using var module = py.ExecuteModule(
                "leaking", "marker = object()\ndef f(x, d): return [x, d, marker]\ndef g(): raise ValueError('no', marker)", "leaking.py");
            using var marker = module.GetAttribute("marker");
            using var f = module.GetAttribute("f");
            using var g = module.GetAttribute("g");
            using var buffer = py.Allocate<double>(16);
            Exercise(500);
            var first = Measure();
            Exercise(10_000);
            return (first, Measure());

            void Exercise(int rounds)
            {
                using var bound = f.Bind(marker, py.None);
                for (var round = 0; round < rounds; round++)
                {
                    using var result = f.Call(round + 1000.5, new Dictionary<string, object?> { ["key"] = new[] { 1L << 40, round } });
                    result.ToObject().ShouldBeOfType<List<object?>>()[2].ShouldBeOfType<PythonObject>().Dispose();
                    bound.Invoke();
                    using var view = buffer.NewView(writable: false, 4, 4);
                    using var text = py.From("unique " + round);
                    text.ToText();
                    if (round % 20 == 0)
                        Should.Throw<PythonException>(() => g.Call());
                    foreach (var item in result.Enumerate())
                        item.Dispose();
                    result.TryGetAttribute("nothing", out _);
                }
            }

            (long Blocks, long References) Measure()
            {
                gc.CallMethod("collect").Dispose();
                using var blocks = sys.CallMethod("getallocatedblocks");
                using var references = sys.CallMethod("getrefcount", marker);
                return (blocks.ToInt64(), references.ToInt64());
            }
        });

        after.References.ShouldBe(before.References);
        (after.Blocks - before.Blocks).ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Finalizer_OfForgottenObjects_DropsTheReferences()
    {
        using var target = python.Engine.Run(py => py.Evaluate("[object()]"));
        var before = References();

        Forget(1000);
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return References() == before;
            },
            "forgotten references are dropped");

        void Forget(int count) => python.Engine.Run(_ =>
        {
            for (var index = 0; index < count; index++)
                target.Share();
        });

        long References() => python.Engine.Run(_ => target.ReferenceCount);
    }

    [Fact]
    public async Task Dispose_OnOtherThreadsWhileIdle_DropsTheReferenceSoon()
    {
        // A weak reference's callback, on a Python object, tells when the last reference goes.
        using var gone = python.Engine.Run(py => py.ExecuteModule(
            "weak", "import threading, weakref\nclass C: pass\nevent = threading.Event()\ndef make():\n    c = C()\n    weakref.finalize(c, event.set)\n    return c", "weak.py"));
        var value = python.Engine.Run(_ => gone.CallMethod("make"));
        IsGone().ShouldBeFalse();

        await Task.Run(value.Dispose);
        await Eventually.TrueAsync(IsGone, "the object is freed");

        bool IsGone() => python.Engine.Run(_ =>
        {
            using var flag = gone.GetAttribute("event");
            using var isSet = flag.CallMethod("is_set");
            return isSet.ToBoolean();
        });
    }
}
