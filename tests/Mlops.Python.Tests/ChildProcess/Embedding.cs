using System.Collections.Concurrent;
using System.Numerics;

namespace Mlops.Python.Tests.ChildProcess;

/// <summary>What has to work with every version of CPython.</summary>
internal static class Embedding
{
    public static void Run(string executable)
    {
        var installation = Program.Locate(executable);
        PythonEngine.Current.ShouldBeNull();
        var lines = new ConcurrentQueue<PythonOutputLine>();
        var engine = PythonEngine.Start(installation, new PythonEngineOptions { Output = lines.Enqueue, ModuleSearchPaths = { "/first/of/all" } });
        PythonEngine.Current.ShouldBe(engine);

        Identity(engine, installation);
        Values(engine);
        Errors(engine);
        Memory(engine);
        Cancellation(engine);

        engine.Run(_ => engine.Run(py => py.ExecuteModule("printing", "print('héllo')", "printing.py").Dispose()));
        Eventually.TrueAsync(() => lines.Any(line => line.Text == "héllo"), "the printed line").Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
    }

    private static void Identity(PythonEngine engine, PythonInstallation installation) => engine.Run(py =>
    {
        using var sys = py.Import("sys");
        using var version = sys.GetAttribute("version_info");
        version.GetItem(0).ToInt64().ShouldBe(installation.Version.Major);
        version.GetItem(1).ToInt64().ShouldBe(installation.Version.Minor);
        sys.GetAttribute("executable").ToText().ShouldBe(installation.Executable);
        sys.GetAttribute("prefix").ToText().ShouldBe(installation.Prefix);
        sys.GetAttribute("flags").GetAttribute("utf8_mode").ToInt64().ShouldBe(1);
        sys.GetAttribute("path").ToList()[0].ShouldBe("/first/of/all");
        sys.GetAttribute("path").ToList().ShouldNotContain("");

        // The child process was started with PYTHONFAULTHANDLER=1: a null reference has to stay an exception all the same.
        py.Evaluate("__import__('faulthandler').enable()").IsNone.ShouldBeTrue();
        py.Evaluate("__import__('faulthandler').is_enabled()").ToBoolean().ShouldBeFalse();
        Should.Throw<NullReferenceException>(() => Nothing()!.Length.ToString());

        // Extension modules outside the library find its symbols.
        py.Import("_json").Dispose();
        py.Import("ctypes").Dispose();
    });

    private static string? Nothing() => null;

    private static void Values(PythonEngine engine) => engine.Run(py =>
    {
        object?[] values = [null, true, -1L, BigInteger.Pow(2, 70), 1.5, "ä\ud800😀", new byte[] { 1 }, new List<object?> { 1L }];
        using var repr = py.Evaluate("lambda x: x");
        foreach (var value in values)
        {
            using var result = repr.Call(value);
            result.ToObject().ShouldBeEquivalentTo(value);
        }
    });

    private static void Errors(PythonEngine engine)
    {
        var chained = Should.Throw<PythonException>(() => engine.Run(py => py.ExecuteModule(
            "failing", "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('no') from e", "failing.py")));
        chained.TypeName.ShouldBe("ValueError");
        chained.LineNumber.ShouldBe(4);
        chained.PythonTraceback.ShouldContain("direct cause");
        chained.PythonTraceback.ShouldContain("{}['a']");
        Should.Throw<PythonException>(() => engine.Run(py => py.ExecuteModule("wrong", "x = = 1", "wrong.py"))).LineNumber.ShouldBe(1);
        Should.Throw<PythonException>(() => engine.Run(py => py.Evaluate("exit(1)"))).TypeName.ShouldBeOneOf("SystemExit", "NameError");
    }

    private static void Memory(PythonEngine engine) => engine.Run(py =>
    {
        using var buffer = py.Allocate<double>(4);
        buffer.Span.Fill(1.5);
        using var view = buffer.NewView(true, 2, 2);
        view.SetItem(py.Tuple(1, 1), 9.0);
        buffer.Span[3].ShouldBe(9);
        view.ToArray<double>().ShouldBe([1.5, 1.5, 1.5, 9]);
        using var array = py.Evaluate("__import__('array').array('q', [1, 2, 3])");
        array.ToArray<long>().ShouldBe([1, 2, 3]);
    });

    private static void Cancellation(PythonEngine engine)
    {
        for (var round = 0; round < 3; round++)
        {
            using var cancel = new CancellationTokenSource();
            var task = engine.RunAsync(
                py =>
                {
                    cancel.CancelAfter(50);
                    py.ExecuteModule("endless", "while True: pass", "endless.py");
                }, cancel.Token);
            Should.Throw<OperationCanceledException>(() => task.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult());
            engine.Run(py => py.Evaluate("sum(range(10))").ToInt64()).ShouldBe(45);
        }
    }

}
