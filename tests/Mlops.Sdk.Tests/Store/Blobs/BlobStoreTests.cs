using Microsoft.Extensions.DependencyInjection;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Blobs;

namespace Mlops.Tests.Store.Blobs;

public class BlobStoreTests
{
    [Fact]
    public async Task PutAsync_BytesOrStream_GivesTheSameReferenceAndOneFile()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var blobs = node.Get<IBlobStore>();
        byte[] content = new byte[300_000];
        new Random(4).NextBytes(content);

        BlobReference one = await blobs.PutAsync(content, "image/png");
        BlobReference two = await blobs.PutAsync(new MemoryStream(content), "image/png");

        two.ShouldBe(one);
        (one.Size, one.MediaType).ShouldBe((300_000, "image/png"));
        one.Hash.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        Files(node).ShouldBe([one.Hash]);
        using Stream stream = blobs.Open(one)!;
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        read.ToArray().ShouldBe(content);
        blobs.Open(one with { Hash = new string('0', 64) }).ShouldBeNull();
        Should.Throw<ArgumentException>(() => blobs.Open(one with { Hash = "../../mlops.db" }));
        Should.Throw<IOException>(() => blobs.Open(one with { Size = 5 })).Message.ShouldContain("should have 5");
    }

    [Fact]
    public async Task PutAsync_TooLargeOrNoMediaType_IsRefusedAndLeavesNothing()
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:Blobs:MaximumBytes=1000"]);
        var blobs = node.Get<IBlobStore>();
        await blobs.PutAsync(new byte[1000], "a/b");

        (await Should.ThrowAsync<ArgumentException>(() => blobs.PutAsync(new byte[1001], "a/b"))).Message.ShouldContain("Mlops:Store:Blobs:MaximumBytes");
        (await Should.ThrowAsync<ArgumentException>(() => blobs.PutAsync(new MemoryStream(new byte[1001]), "a/b"))).Message.ShouldContain("1001");
        await Should.ThrowAsync<ArgumentException>(() => blobs.PutAsync(new byte[1], "png"));
        Files(node).Length.ShouldBe(1);
    }

    [Fact]
    public async Task PutAsync_ManyThreadsTheSameBytes_KeepsOneWholeFile()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var blobs = node.Get<IBlobStore>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), async (i, stop) => await blobs.PutAsync(new byte[1000 + (i % 3)], "a/b", stop));

        Files(node).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Sweep_RecordsAndLabelsNameSome_DeletesOnlyOldOnesThatNothingNames()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        var blobs = node.Get<IBlobStore>();
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "cam", [new FeedField("n", FieldType.Int64), BlobReference.Field("frame")]));
        BlobReference inFile = await PutAsync(blobs, 1), inLog = await PutAsync(blobs, 2), inLabel = await PutAsync(blobs, 3), gone = await PutAsync(blobs, 4);
        await node.CommitAsync(schema, (1, [1, inFile.ToString()]), (1, [1, "no reference"]), (1, [1, null]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(schema, (2, [2, inLog.ToString()]));
        await node.Get<ILabels>().AddAsync("cam", [new Label { Set = "mask", Value = inLabel.ToString(), Position = 1 }]);
        var sweeper = node.Get<BlobSweeper>();
        (await sweeper.SweepAsync(CancellationToken.None)).Count.ShouldBe(0, "all are young");

        time.Advance(TimeSpan.FromHours(2));
        BlobReference young = await PutAsync(blobs, 5), again = await PutAsync(blobs, 6);
        (await sweeper.SweepAsync(CancellationToken.None)).ShouldBe((1, gone.Size));

        Files(node).Order().ShouldBe(new[] { inFile, inLog, inLabel, young, again }.Select(b => b.Hash).Order());
        time.Advance(TimeSpan.FromMinutes(50));
        await PutAsync(blobs, 6);
        time.Advance(TimeSpan.FromMinutes(50));
        (await sweeper.SweepAsync(CancellationToken.None)).Count.ShouldBe(1);
        Files(node).ShouldContain(again.Hash, "it was stored again lately");
    }

    [Fact]
    public async Task Sweep_TypeOfTheFieldChanged_KeepsWhatOlderVersionsName()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "cam", [BlobReference.Field("frame")]));
        BlobReference blob = await PutAsync(node.Get<IBlobStore>(), 1);
        await node.CommitAsync(schema, (1, [blob.ToString()]));
        await node.DeclareAsync("cam", ("frame", FieldType.Int64));
        time.Advance(TimeSpan.FromHours(2));

        await node.Get<BlobSweeper>().SweepAsync(CancellationToken.None);

        Files(node).ShouldBe([blob.Hash]);
    }

    [Fact]
    public async Task Sweep_RecordsOfTheFeedAreSetAside_DeletesNothingUntilTheyAreGivenUp()
    {
        var time = new ManualTime();
        await using StoreNode node = await StoreNode.StartAsync(configure: s => s.AddSingleton<TimeProvider>(time));
        FeedSchema schema = await node.Store.DeclareAsync(new FeedDeclaration(null, "cam", [BlobReference.Field("frame")]));
        BlobReference blob = await PutAsync(node.Get<IBlobStore>(), 1);
        await node.CommitAsync(schema, (1, [blob.ToString()]));
        await node.Database.WriteAsync(c => c.Run("UPDATE log SET checksum = 1"));
        time.Advance(TimeSpan.FromHours(2));

        await node.Get<BlobSweeper>().SweepAsync(CancellationToken.None);
        Files(node).ShouldBe([blob.Hash]);
        await node.Get<IStoreKeeper>().ForgetDamagedAsync("cam");
        await node.Get<BlobSweeper>().SweepAsync(CancellationToken.None);
        Files(node).ShouldBeEmpty();
    }

    [Fact]
    public void TryParse_WhatToStringWrote_GivesItBackAndAnythingElseIsNone()
    {
        var reference = new BlobReference(new string('a', 64), 12, "image/png");
        BlobReference.TryParse(reference.ToString(), out BlobReference? parsed).ShouldBeTrue();
        parsed.ShouldBe(reference);
        foreach (string? text in new[] { null, "", "sha256:", $"sha256:{new string('A', 64)};1;a/b", $"sha256:{new string('a', 64)};-1;a/b", $"sha256:{new string('a', 64)};1;", $"sha256:{new string('a', 63)};1;a/b" })
            BlobReference.TryParse(text, out _).ShouldBeFalse(text);
    }

    private static Task<BlobReference> PutAsync(IBlobStore blobs, byte content) => blobs.PutAsync(new[] { content }, "image/png");

    private static string[] Files(StoreNode node) => Directory.Exists(Path.Combine(node.Folder, "blobs"))
        ? [.. Directory.EnumerateFiles(Path.Combine(node.Folder, "blobs"), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!)]
        : [];
}
