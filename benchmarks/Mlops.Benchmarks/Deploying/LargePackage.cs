using System.IO.Compression;
using System.Text;

namespace Mlops.Benchmarks.Deploying;

/// <summary>Packages of one wheel of noise, which no packing makes smaller, as scientific libraries nearly are.</summary>
internal static class LargePackage
{
    public const string Name = "bulky";

    private const int Piece = 1 << 20;

    /// <summary>Writes a package; each number gives other content, so that nothing of one serves another.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="number">Tells packages apart.</param>
    /// <param name="bytes">The size of the wheel.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The path of the zip.</returns>
    public static async Task<string> WriteAsync(string folder, int number, long bytes, CancellationToken stop)
    {
        string wheel = Path.Combine(folder, $"bulk-1.{number}-py3-none-any.whl"), zip = Path.Combine(folder, $"bulky-1.{number}.0.zip");
        await using (ZipArchive archive = await ZipFile.OpenAsync(wheel, ZipArchiveMode.Create, stop))
        {
            await AddAsync(archive, "bulk/__init__.py", "import os\nSIZE = sum(os.path.getsize(os.path.join(os.path.dirname(__file__), f)) for f in os.listdir(os.path.dirname(__file__)) if f.endswith('.bin'))\n", stop);
            await AddAsync(archive, $"bulk-1.{number}.dist-info/METADATA", $"Metadata-Version: 2.1\nName: bulk\nVersion: 1.{number}\n", stop);
            var random = new Random(number);
            byte[] piece = new byte[Piece];
            for (long written = 0; written < bytes; written += Piece)
            {
                random.NextBytes(piece);
                await using Stream noise = await archive.CreateEntry($"bulk/{written / Piece}.bin", CompressionLevel.Fastest).OpenAsync(stop);
                await noise.WriteAsync(piece, stop);
            }
        }

        await using (ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, stop))
        {
            await AddAsync(archive, "workflow.yaml", $$"""
                name: {{Name}}
                version: 1.{{number}}.0
                runtime: python
                inputs: [{name: value0, type: number}]
                output: {fields: [{name: bytes, type: number}]}
                requirements: [bulk]
                """, stop);
            await AddAsync(archive, "workflow.py", "import bulk\n\ndef train(data, params, run):\n    return bulk.SIZE\n\ndef predict(model, batch):\n    return {'bytes': [float(bulk.SIZE)] * batch.rows}\n", stop);
            await archive.CreateEntryFromFileAsync(wheel, $"wheels/{Path.GetFileName(wheel)}", CompressionLevel.NoCompression, stop);
        }

        File.Delete(wheel);
        return zip;
    }

    private static async Task AddAsync(ZipArchive archive, string name, string text, CancellationToken stop)
    {
        await using Stream entry = await archive.CreateEntry(name).OpenAsync(stop);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
    }
}
