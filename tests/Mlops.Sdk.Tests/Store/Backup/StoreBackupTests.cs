using System.IO.Compression;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Tests.Store.Backup;

public class StoreBackupTests
{
    [Theory]
    [InlineData("folder")]
    [InlineData("backup.zip")]
    public async Task BackupAsync_WhileIngesting_HoldsOneMomentAndRestoresToIt(string name)
    {
        using var place = new Place();
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:SegmentBytes=64 KB", "Store:CompactionFiles=2"]);
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64), ("t", FieldType.Text));
        using var stop = new CancellationTokenSource();
        int committed = 0;
        Task writing = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; committed++)
            {
                using RecordBatch batch = await node.BuildAsync(schema, [.. Enumerable.Range(0, 20).Select(i => ((long)i, new object?[] { committed, new string('x', i) }))]);
                var commit = new StoreCommit { Cursors = { ["writer"] = batch.Positions[^1] } };
                commit.Batches.Add(batch);
                await node.Store.CommitAsync(commit);
            }
        });
        await Eventually.IsTrueAsync(() => Volatile.Read(ref committed) > 200, "there is something to back up");
        BlobReference blob = await node.Get<IBlobStore>().PutAsync(new byte[] { 1, 2, 3 }, "image/png");
        int before = Volatile.Read(ref committed);

        BackupInfo info = await node.Get<IStoreBackup>().BackupAsync(place[name]);
        int after = Volatile.Read(ref committed) + 1;
        await stop.CancelAsync();
        await writing;

        (await StoreRestore.VerifyAsync(place[name])).ShouldBe(info);
        await StoreRestore.RestoreAsync(place[name], place["data"]);
        await using StoreNode restored = await StoreNode.StartAsync(place["data"]);
        List<Row> rows = await restored.ReadAsync("f");
        (rows.Count % 20).ShouldBe(0);
        (rows.Count / 20).ShouldBeInRange(before, after);
        rows.Select(r => (long)r[0]!).ShouldBe(Enumerable.Range(0, rows.Count).Select(i => (long)i / 20));
        restored.Store.GetCursor("writer").ShouldBe(rows[^1].Position);
        (await restored.Store.ReservePositionsAsync(1)).ShouldBeGreaterThan(await node.Store.ReservePositionsAsync(1));
        using (Stream content = restored.Get<IBlobStore>().Open(blob)!)
            content.Length.ShouldBe(3);
        restored.Logs.Texts(1004).ShouldBeEmpty();
        restored.Logs.Texts(1014).ShouldBeEmpty();
    }

    [Fact]
    public async Task RestoreAsync_AnyFileChangedOrMissing_RefusesNamesItAndLeavesTheFolderEmpty()
    {
        using var place = new Place();
        await MakeAsync(place["b"]);
        foreach (string file in Directory.EnumerateFiles(place["b"], "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("backup.json", StringComparison.Ordinal)).ToList())
        {
            byte[] sound = await File.ReadAllBytesAsync(file);
            byte[] broken = [.. sound];
            broken[broken.Length / 2] ^= 1;
            string relative = Path.GetRelativePath(place["b"], file);
            foreach (byte[]? content in new[] { broken, sound[..^1], null })
            {
                File.Delete(file);
                if (content is not null)
                    await File.WriteAllBytesAsync(file, content);
                (await Should.ThrowAsync<InvalidDataException>(() => StoreRestore.RestoreAsync(place["b"], place["data"]))).Message.ShouldContain(relative);
                (await Should.ThrowAsync<InvalidDataException>(() => StoreRestore.VerifyAsync(place["b"]))).Message.ShouldContain(relative);
                Directory.EnumerateFileSystemEntries(place["data"]).ShouldBeEmpty();
            }

            await File.WriteAllBytesAsync(file, sound);
        }

        await StoreRestore.RestoreAsync(place["b"], place["data"]);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("feeds/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("other/evil")]
    public async Task RestoreAsync_ManifestNamesAFileElsewhere_Refuses(string path)
    {
        using var place = new Place();
        await MakeAsync(place["b"]);
        string manifest = Path.Combine(place["b"], "backup.json");
        string text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("\"mlops.db\"", $"\"{path}\"", StringComparison.Ordinal));

        (await Should.ThrowAsync<InvalidDataException>(() => StoreRestore.RestoreAsync(place["b"], place["data"]))).Message.ShouldContain(path);
    }

    [Fact]
    public async Task RestoreAsync_FolderInUseOrNoBackup_SaysWhat()
    {
        using var place = new Place();
        await MakeAsync(place["b"]);
        Directory.CreateDirectory(place["full"]);
        await File.WriteAllTextAsync(Path.Combine(place["full"], "x"), "");
        Directory.CreateDirectory(place["none"]);

        (await Should.ThrowAsync<ArgumentException>(() => StoreRestore.RestoreAsync(place["b"], place["full"]))).Message.ShouldContain("not empty");
        (await Should.ThrowAsync<InvalidDataException>(() => StoreRestore.RestoreAsync(place["none"], place["data"]))).Message.ShouldContain("no backup.json");
        (await Should.ThrowAsync<InvalidDataException>(() => StoreRestore.RestoreAsync(place["nowhere"], place["data"]))).Message.ShouldContain("There is no backup");
        Directory.CreateDirectory(place["half"]);
        await File.WriteAllTextAsync(Path.Combine(place["half"], "restoring"), "");
        (await Should.ThrowAsync<IOException>(() => StoreNode.StartAsync(place["half"]))).Message.ShouldContain("restore that was not finished");
    }

    [Fact]
    public async Task BackupAsync_TargetOfNoUse_SaysWhyAndLeavesNothing()
    {
        using var place = new Place();
        await using StoreNode node = await StoreNode.StartAsync();
        var backup = node.Get<IStoreBackup>();
        await File.WriteAllTextAsync(place["there"], "");

        (await Should.ThrowAsync<ArgumentException>(() => backup.BackupAsync(place["there"]))).Message.ShouldContain("something is there already");
        (await Should.ThrowAsync<ArgumentException>(() => backup.BackupAsync(Path.Combine(node.Folder, "b")))).Message.ShouldContain("in the data folder");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => backup.BackupAsync(place["c"], cancellationToken: cancelled.Token));
        Directory.EnumerateFileSystemEntries(place[""]).Count().ShouldBe(1);
    }

    [Fact]
    public async Task BackupAsync_BrokenFile_SaysSoSetsItAsideAndTheNextOneHoldsTheRest()
    {
        using var place = new Place();
        await using StoreNode node = await StoreNode.StartAsync();
        await FillAsync(node);
        string path = Path.Combine(node.Feeds, node.Files()[0]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[7] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (await Should.ThrowAsync<IOException>(() => node.Get<IStoreBackup>().BackupAsync(place["b"]))).Message.ShouldContain("is broken");
        Directory.EnumerateFileSystemEntries(place[""]).ShouldBeEmpty();
        await node.Get<IStoreBackup>().BackupAsync(place["b"]);
        (await StoreRestore.VerifyAsync(place["b"])).Files.ShouldBe(3);
    }

    [Fact]
    public async Task StartAsync_BackupWasInterrupted_DeletesItsCopyOfTheDatabase()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        await node.AbandonAsync();
        string copy = Path.Combine(node.Folder, "backup-copy-1");
        await File.WriteAllTextAsync(copy, "half");

        await using StoreNode again = await StoreNode.StartAsync(node.Folder);

        File.Exists(copy).ShouldBeFalse();
    }

    [Fact]
    public async Task BackupAsync_Zip_IsReadableByOthers()
    {
        using var place = new Place();
        await MakeAsync(place["b.zip"]);
        using ZipArchive zip = await ZipFile.OpenReadAsync(place["b.zip"]);

        zip.Entries.Select(e => e.FullName.Split('/')[0]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["backup.json", "blobs", "feeds", "mlops.db"]);
    }

    private static async Task MakeAsync(string target)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:CompactionFiles=1000"]);
        await FillAsync(node);
        await node.Get<IBlobStore>().PutAsync(new byte[] { 1, 2, 3 }, "image/png");
        await node.Get<IStoreBackup>().BackupAsync(target);
    }

    private static async Task FillAsync(StoreNode node)
    {
        FeedSchema schema = await node.DeclareAsync("f", ("n", FieldType.Int64));
        for (int i = 0; i < 3; i++)
        {
            await node.CommitAsync(schema, (i, [i]));
            await node.Closer.CloseAllAsync();
        }

        await node.CommitAsync(schema, (4, [4]));
    }

    private sealed class Place : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("mlops-backup-").FullName;

        public string this[string name] => Path.Combine(_folder, name);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
