using System.Diagnostics;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

public sealed class FullDiskTests
{
    [Fact]
    public async Task Store_DiskFull_PredictionsGoOnLossIsShownAndStoringResumes()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-full-").FullName;
        try
        {
            using Process process = FullDisk.Start(folder);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync();

            process.ExitCode.ShouldBe(0, await errors);
            lines.ShouldContain(l => l.StartsWith("trouble ", StringComparison.Ordinal) && l.Contains("disk was full", StringComparison.Ordinal), string.Join('\n', lines));
            lines.ShouldContain("errors 0", string.Join('\n', lines));
            lines[^1].ShouldBe("stores again");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
