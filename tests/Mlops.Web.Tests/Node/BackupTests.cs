using System.Net;
using Mlops.Client;

namespace Mlops.Web.Tests.Node;

public sealed class BackupTests
{
    [Fact]
    public async Task Backup_FetchedBroughtElsewhereAndRestored_StartsANodeWithTheSameRecords()
    {
        await using WebNode source = await WebNode.StartAsync();
        await source.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await source.Typed.Node.StartBackupAsync("monday");
        using var zip = new MemoryStream();
        await source.Typed.Node.GetBackupAsync("monday", zip);
        await using WebNode target = await WebNode.StartAsync();

        BackupDetails brought = await target.Typed.Node.PutBackupAsync("from-node1", new MemoryStream(zip.ToArray()));
        BackupContent content = await target.Typed.Node.VerifyBackupAsync("from-node1");
        BackupRestored restored = await target.Typed.Node.RestoreBackupAsync("from-node1");

        brought.Bytes.ShouldBe(zip.Length);
        (content.Files, content.Bytes).ShouldBe((restored.Files, restored.Bytes));
        (await Should.ThrowAsync<MlopsException>(() => target.Typed.Node.RestoreBackupAsync("from-node1"))).Status.ShouldBe(409);
        (await Should.ThrowAsync<MlopsException>(() => target.Typed.Node.PutBackupAsync("from-node1", new MemoryStream(zip.ToArray())))).Status.ShouldBe(409);
        await using WebNode again = await WebNode.StartAsync(settings: [("Mlops:DataFolder", restored.Folder)]);
        (await again.Typed.Feeds.GetAsync("press")).Records.ShouldBe(3);
    }

    [Fact]
    public async Task PutBackup_ThatIsDamaged_IsRefusedAndKeepsNothing()
    {
        await using WebNode node = await WebNode.StartAsync();
        await node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await node.Typed.Node.StartBackupAsync("monday");
        using var zip = new MemoryStream();
        await node.Typed.Node.GetBackupAsync("monday", zip);
        byte[] damaged = zip.ToArray();
        damaged[damaged.Length / 2] ^= 0xff;

        MlopsException refused = await Should.ThrowAsync<MlopsException>(() => node.Typed.Node.PutBackupAsync("bad", new MemoryStream(damaged)));

        refused.Status.ShouldBe(400);
        (await node.Typed.Node.ListBackupsAsync()).ShouldHaveSingleItem().Name.ShouldBe("monday");
        Directory.EnumerateFiles(Path.Combine(node.Folder, "backups")).Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("..%2Fout")]
    [InlineData("%2Ftmp%2Fout")]
    [InlineData("a..b")]
    [InlineData(".hidden")]
    public async Task PutBackup_UnderANameThatLeadsElsewhere_IsRefused(string name)
    {
        await using WebNode node = await WebNode.StartAsync();

        using HttpResponseMessage response = await node.Http.PutAsync($"api/v1/backups/{name}", new ByteArrayContent([1]) { Headers = { ContentType = new("application/zip") } });

        response.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.NotFound);
        Directory.EnumerateFileSystemEntries(node.Folder).Select(Path.GetFileName).ShouldBe(["data"]);
    }
}
