using Mlops.Python.Locating;

namespace Mlops.Python.Tests.Locating;

public sealed class InstallAdviceTests
{
    private const string NoModule = "cannot import numpy (ModuleNotFoundError: No module named 'numpy')";
    private const string NoLibrary = "has no shared library (looked for /usr/lib/libpython3.11.so.1.0)";

    [Theory]
    [InlineData(HostPlatform.Debian, "/usr/bin/python3", NoLibrary, "sudo apt-get install libpython3.11 python3-numpy python3-sklearn")]
    [InlineData(HostPlatform.Debian, "/opt/python/bin/python3", NoModule, "sudo apt-get install python3 libpython3-dev python3-numpy python3-sklearn")]
    [InlineData(HostPlatform.Fedora, "/usr/bin/python3", NoModule, "sudo dnf install python3 python3-libs python3-numpy python3-scikit-learn")]
    [InlineData(HostPlatform.Alpine, "/usr/bin/python3", NoModule, "sudo apk add python3 py3-numpy py3-scikit-learn")]
    [InlineData(HostPlatform.MacOS, "/opt/homebrew/bin/python3", NoModule, "\"/opt/homebrew/bin/python3\" -m pip install numpy scikit-learn")]
    [InlineData(HostPlatform.OtherUnix, "/home/x/.pyenv/versions/3.11.7/bin/python3", NoLibrary, "PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.11.2")]
    public void For_OneCandidate_NamesTheCommandOfItsPlatform(object platform, string executable, string reason, string expected)
        => InstallAdvice.For(
            (HostPlatform)platform,
            [new PythonCandidate("PATH", executable, new Version(3, 11, 2), reason)],
            new PythonRequirement(["numpy", "sklearn"], true),
            asked: null).ShouldBe(expected);

    [Fact]
    public void For_WorkerOnly_DoesNotAskForTheLibrary()
        => InstallAdvice.For(
            HostPlatform.Debian,
            [new PythonCandidate("PATH", "/usr/bin/python3", new Version(3, 11, 2), NoModule)],
            new PythonRequirement(["numpy"], false),
            asked: null).ShouldBe("sudo apt-get install python3-numpy");

    [Theory]
    [InlineData(HostPlatform.Windows, "winget install Python.Python.3.13")]
    [InlineData(HostPlatform.MacOS, "brew install python")]
    [InlineData(HostPlatform.Debian, "sudo apt-get install python3 libpython3-dev python3-numpy")]
    public void For_NoCandidateAtAll_InstallsPython(object platform, string expected)
        => InstallAdvice.For((HostPlatform)platform, [], new PythonRequirement(["numpy"], true), asked: null).ShouldBe(expected);

    [Theory]
    [InlineData("ID=debian", HostPlatform.Debian)]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"", HostPlatform.Debian)]
    [InlineData("NAME=x\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", HostPlatform.Fedora)]
    [InlineData("ID=alpine", HostPlatform.Alpine)]
    [InlineData("ID=arch", HostPlatform.OtherUnix)]
    public void ReadRelease_OfAFamily_NamesIt(string text, object expected)
        => SearchEnvironment.ReadRelease(text.Split('\n')).ShouldBe((HostPlatform)expected);
}
