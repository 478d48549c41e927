namespace Mlops.Python.Tests.ChildProcess;

/// <summary>Starts that fail, then one that works, then others.</summary>
internal static class StartingTwice
{
    public static void Run(string executable)
    {
        var installation = Program.Locate(executable);
        var missing = installation with { LibraryPath = installation.LibraryPath + ".missing" };
        Should.Throw<DllNotFoundException>(() => PythonEngine.Start(missing)).Message.ShouldContain(missing.LibraryPath!);
        Should.Throw<InvalidOperationException>(() => PythonEngine.Start(installation with { LibraryPath = null })).Message.ShouldContain("has no shared library");
        Should.Throw<InvalidOperationException>(() => PythonEngine.Start(installation with { Version = new Version(3, 99, 1) }))
            .Message.ShouldContain($"is of version {installation.Version.ToString(2)}");
        PythonEngine.Current.ShouldBeNull();

        var engine = PythonEngine.Start(installation);

        PythonEngine.Start(installation with { Executable = "/another/name/of/it", Place = "elsewhere" }).ShouldBeSameAs(engine);
        var error = Should.Throw<InvalidOperationException>(() => PythonEngine.Start(installation with { Executable = "/other/python3", Prefix = "/other" }));
        error.Message.ShouldContain("/other/python3");
        error.Message.ShouldContain($"{installation} runs in this process already");
        engine.Run(py => py.Evaluate("6 * 7").ToInt64()).ShouldBe(42);
    }
}
