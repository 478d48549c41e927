using System.Diagnostics;

namespace Mlops.Drivers.GenICam.Tests.Aravis;

public sealed class LibraryTests
{
    [Fact]
    public async Task Run_LibrariesMissing_NamesTheCommandThatHelps()
    {
        using Process process = WithoutLibraries.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, await errors);
        lines.ShouldBe(
        [
            "run: Asset 'camera': Cameras need the library Aravis 0.8, which is not installed. On Debian and Ubuntu: apt-get install libaravis-0.8-0.",
            "discover: Cameras need the library Aravis 0.8, which is not installed. On Debian and Ubuntu: apt-get install libaravis-0.8-0.",
            "create: Asset 'camera': storage.encoding: jpeg needs the library TurboJPEG, which is not installed. On Debian and Ubuntu: apt-get install libturbojpeg0. Or choose png.",
        ]);
    }
}
