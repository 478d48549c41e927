namespace Mlops.Python.Tests.Locating;

public sealed class PythonLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Locate_ThisMachine_FindsAnInterpreterThatImportsWhatIsRequired()
    {
        var found = PythonLocator.Locate(new PythonLocatorOptions { RequiredModules = { "numpy", "sklearn" } });

        found.Version.ShouldBeGreaterThanOrEqualTo(new Version(3, 9));
        File.Exists(found.Executable).ShouldBeTrue();
        File.Exists(found.LibraryPath).ShouldBeTrue();
        found.SearchPath.ShouldNotBeEmpty();
        found.SearchPath.ShouldNotContain("");
    }

    [Fact]
    public void Locate_FirstOnPathLacksTheModule_TakesTheSecond()
    {
        _folder.Script("first/python3", Machine.WithoutPackages);
        _folder.Script("second/python3", Machine.Complete);
        var environment = Machine.With(_folder.Path, ("PATH", $"{_folder.Path}/first:{_folder.Path}/second"));

        var found = PythonLocator.Locate(new PythonLocatorOptions { RequiredModules = { "numpy" } }, environment);

        found.Executable.ShouldBe(Machine.Real.Executable);
        found.LibraryPath.ShouldBe(Machine.Real.LibraryPath);
        found.Place.ShouldBe("PATH");
    }

    [Fact]
    public void Locate_NoneQualifies_ListsEveryPlaceWithItsReasonAndOneCommand()
    {
        _folder.Script("a/python3", Machine.WithoutPackages);
        _folder.Script("b/python", "#!/bin/sh\necho broken >&2\nexit 3\n");
        _folder.Script("c/python3", "#!/bin/sh\nsleep 60\n");
        var environment = Machine.With(
            _folder.Path, ("PATH", $"{_folder.Path}/a:{_folder.Path}/b:{_folder.Path}/c"), ("VIRTUAL_ENV", $"{_folder.Path}/gone"));
        var options = new PythonLocatorOptions { RequiredModules = { "numpy", "a_module_of_nobody" }, ProbeTimeout = TimeSpan.FromSeconds(3) };

        var error = Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(options, environment));

        error.Message.ShouldContain("imports numpy, a_module_of_nobody");
        error.Message.ShouldContain("MLOPS_PYTHON: not set");
        error.Message.ShouldContain($"VIRTUAL_ENV: {_folder.Path}/gone/bin/python3: not there");
        error.Message.ShouldContain($"local environment: {_folder.Path}/.venv/bin/python3: not there");
        error.Message.ShouldContain($"PATH: {_folder.Path}/a/python3 (Python {Machine.Real.Version}): cannot import numpy (ModuleNotFoundError: No module named 'numpy')");
        error.Message.ShouldContain($"PATH: {_folder.Path}/b/python: is no usable Python: exit code 3, broken");
        error.Message.ShouldContain($"PATH: {_folder.Path}/c/python3: gave no answer within 3 s");
        error.Message.ShouldContain("usual place: /usr/bin/python3");
        error.Message.ShouldContain("usual place: /usr/local/bin/python3");
        error.Message.ShouldEndWith("Run: " + error.Remedy);
        error.Remedy.ShouldStartWith("sudo apt-get install ");
        error.Remedy.ShouldEndWith(" python3-numpy python3-a_module_of_nobody");
        error.Candidates.Count.ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void Locate_ExecutableIsSet_NeverTakesAnotherOne()
    {
        var set = _folder.Script("mine/python3", Machine.WithoutPackages);
        var environment = Machine.With(_folder.Path, ("PATH", Path.GetDirectoryName(Machine.Real.Executable)!));
        var options = new PythonLocatorOptions { Executable = set, RequiredModules = { "numpy" } };

        var error = Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(options, environment));

        error.Candidates.ShouldHaveSingleItem().Place.ShouldBe("setting");
        error.Remedy.ShouldBe($"\"{set}\" -m pip install numpy");
    }

    [Fact]
    public void Locate_ExecutableIsAName_IsLookedUpOnThePath()
    {
        _folder.Script("bin/my-python", Machine.Complete);
        var environment = Machine.With(_folder.Path, ("PATH", $"{_folder.Path}/bin"));

        PythonLocator.Locate(new PythonLocatorOptions { Executable = "my-python" }, environment).Executable.ShouldBe(Machine.Real.Executable);
        Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(new PythonLocatorOptions { Executable = "no-python" }, environment))
            .Message.ShouldContain("setting: no-python: in no folder of the PATH");
    }

    [Fact]
    public void Locate_EnvironmentVariableIsSet_ComesBeforeThePath()
    {
        var chosen = _folder.Script("chosen/python3", Machine.Complete);
        _folder.Script("path/python3", "#!/bin/sh\nexit 1\n");
        var environment = Machine.With(_folder.Path, (PythonLocator.EnvironmentVariable, chosen), ("PATH", $"{_folder.Path}/path"));

        PythonLocator.Locate(new PythonLocatorOptions(), environment).Place.ShouldBe(PythonLocator.EnvironmentVariable);
    }

    [Theory]
    [InlineData("VIRTUAL_ENV")]
    [InlineData("local environment")]
    [InlineData("setting")]
    public void Locate_VirtualEnvironment_IsTheInterpreterInIt(string place)
    {
        var folder = Machine.CreateVirtualEnvironment(Path.Combine(_folder.Path, ".venv"));
        var environment = place == "VIRTUAL_ENV" ? Machine.With("/", (place, folder)) : Machine.With(_folder.Path);
        var options = new PythonLocatorOptions { Executable = place == "setting" ? folder : null, RequiredModules = { "numpy" } };

        var found = PythonLocator.Locate(options, environment);

        found.Place.ShouldBe(place);
        found.Executable.ShouldStartWith(folder);
        found.Prefix.ShouldBe(folder);
        found.BasePrefix.ShouldBe(Machine.Real.BasePrefix);
        found.IsVirtualEnvironment.ShouldBeTrue();
        found.LibraryPath.ShouldBe(Machine.Real.LibraryPath);
    }

    [Fact]
    public void Locate_LibraryIsNotRequired_TakesAnInterpreterWithoutOne()
    {
        // Says what a statically linked build says.
        var hidden = _folder.Script("static/python3", $"""
            #!/bin/sh
            "{Machine.Real.Executable}" "$@" | sed 's/"library": "[^"]*"/"library": null/'
            """);

        PythonLocator.Locate(new PythonLocatorOptions { Executable = hidden, RequireLibrary = false }, Machine.With("/")).LibraryPath.ShouldBeNull();
        Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(new PythonLocatorOptions { Executable = hidden }, Machine.With("/")))
            .Message.ShouldContain("has no shared library (looked for ");
    }

    [Fact]
    public void Locate_OldOrOtherInterpreter_SaysWhichItIs()
    {
        var old = _folder.Script("old", "#!/bin/sh\necho 'MLOPS-PROBE:{\"version\": [3, 8, 18], \"executable\": \"/x\"}'\n");
        var other = _folder.Script("other", "#!/bin/sh\necho 'MLOPS-PROBE:{\"version\": [3, 10, 1], \"executable\": \"/x\", \"implementation\": \"pypy\"}'\n");
        var mad = _folder.Script("mad", "#!/bin/sh\necho 'MLOPS-PROBE:{\"version\": 7'\n");

        Refusal(old).ShouldContain("is Python 3.8.18; 3.9 or later is needed");
        Refusal(other).ShouldContain("is pypy; CPython is needed");
        Refusal(mad).ShouldContain("is no usable Python: exit code 0");
        Refusal(Path.Combine(_folder.Path, "none")).ShouldContain("not there");

        static string Refusal(string path)
            => Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(new PythonLocatorOptions { Executable = path }, Machine.With("/"))).Message;
    }

    [Fact]
    public void Locate_FileInTheWorkingDirectory_IsNoInstalledModule()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "lies_about.py"), "");
        var script = _folder.Script("python3", $"#!/bin/sh\ncd '{_folder.Path}' && exec '{Machine.Real.Executable}' \"$@\"\n");

        Should.Throw<PythonNotFoundException>(() => PythonLocator.Locate(
                new PythonLocatorOptions { Executable = script, RequiredModules = { "lies_about" } }, Machine.With("/")))
            .Message.ShouldContain("cannot import lies_about");
    }

    [Fact]
    public void Locate_Cancelled_StopsAndKillsTheCandidate()
    {
        var slow = _folder.Script("python3", "#!/bin/sh\nsleep 60\n");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Should.Throw<OperationCanceledException>(
            () => PythonLocator.Locate(new PythonLocatorOptions { Executable = slow }, Machine.With("/"), cancel.Token));
    }
}
