using System.Diagnostics;
using System.Globalization;

namespace Mlops.Tests.Store;

public class FullDiskTests
{
    [Fact]
    public async Task Ingest_DiskFull_StopsAcknowledgingSaysSoAndGoesOnByItselfWithoutLoss()
    {
        string folder = StoreNode.NewFolder();
        using Process process = FullDisk.Start(folder);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Dictionary<string, string> said = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(l => l[..l.IndexOf(' ', StringComparison.Ordinal)], l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, await errors);
        said["trouble"].ShouldContain("Free space");
        long acknowledged = long.Parse(said["acknowledged"], CultureInfo.InvariantCulture);
        acknowledged.ShouldBeGreaterThan(long.Parse(said["standing"], CultureInfo.InvariantCulture));
        said["stored"].ShouldBe($"{acknowledged} distinct {acknowledged} damaged 0");
        Directory.Delete(folder, recursive: true);
    }
}
