using System.IO.Compression;
using System.Text;
using Mlops.Prediction;
using Mlops.Sdk.Tests.Runtime;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>A package with a large wheel, through a whole node. Alone: it looks at what the whole process allocates.</summary>
[Collection(SteadinessCollection.Name)]
public sealed class LargePackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-large").FullName;

    [Fact]
    public async Task Install_LargeWheel_PassesThroughInPiecesAndIsUnpackedOnce()
    {
        long size = (Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1" ? 200L : 24L) << 20;
        string zip = await PackAsync(size);
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, python: true);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);

        WorkflowPackage package = await node.Get<IWorkflowCatalog>().InstallAsync(zip, trusted: true);

        (GC.GetTotalAllocatedBytes(precise: true) - allocated).ShouldBeLessThan(size / 3);
        long last = await node.WriteAsync(1, 2, 3);
        string model = await node.TrainAsync(new TrainingRequest { Workflow = "bulky", Feed = PredictionNode.Feed });
        string[] environments = Environments();
        DateTime[] made = [.. environments.Select(Directory.GetLastWriteTimeUtc)];
        DeploymentInfo first = await node.DeployAsync(model), second = await node.DeployAsync(model);
        last = await node.WriteAsync(4);
        await node.WaitAsync(first.Id, last);
        await node.WaitAsync(second.Id, last);

        foreach (DeploymentInfo deployment in (DeploymentInfo[])[first, second])
            (await node.AnswersAsync(deployment.Id)).ShouldHaveSingleItem().Values["bytes"].ShouldBe((double)size);
        Environments().ShouldBe(environments, "the wheels are unpacked once");
        Environments().Select(Directory.GetLastWriteTimeUtc).ShouldBe(made);
        package.Manifest.Name.ShouldBe("bulky");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Environments() => [.. Directory.GetDirectories(Path.Combine(_folder, "data"), "bulk", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Writes a package whose wheel holds noise, which no packing makes smaller.</summary>
    private async Task<string> PackAsync(long size)
    {
        string wheel = Path.Combine(_folder, "bulk-1.0-py3-none-any.whl");
        await using (ZipArchive archive = await ZipFile.OpenAsync(wheel, ZipArchiveMode.Create))
        {
            await AddAsync(archive, "bulk/__init__.py", "import os\nSIZE = os.path.getsize(os.path.join(os.path.dirname(__file__), 'noise.bin'))\n");
            await AddAsync(archive, "bulk-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bulk\nVersion: 1.0\n");
            await using Stream noise = await archive.CreateEntry("bulk/noise.bin", CompressionLevel.NoCompression).OpenAsync();
            var random = new Random(1);
            byte[] piece = new byte[1 << 20];
            for (long written = 0; written < size; written += piece.Length)
            {
                random.NextBytes(piece);
                await noise.WriteAsync(piece);
            }
        }

        string zip = Path.Combine(_folder, "bulky.zip");
        await using (ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create))
        {
            await AddAsync(archive, "workflow.yaml", """
                name: bulky
                version: 1.0.0
                runtime: python
                inputs: [{name: x, type: number}]
                output: {fields: [{name: bytes, type: number}]}
                requirements: [bulk]
                """);
            await AddAsync(archive, "workflow.py", "import bulk\n\ndef train(data, params, run):\n    return bulk.SIZE\n\ndef predict(model, batch):\n    return [{'bytes': bulk.SIZE} for _ in range(batch.rows)]\n");
            await archive.CreateEntryFromFileAsync(wheel, "wheels/bulk-1.0-py3-none-any.whl", CompressionLevel.NoCompression);
        }

        File.Delete(wheel);
        return zip;
    }

    private static async Task AddAsync(ZipArchive archive, string name, string text)
    {
        await using Stream entry = await archive.CreateEntry(name).OpenAsync();
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
