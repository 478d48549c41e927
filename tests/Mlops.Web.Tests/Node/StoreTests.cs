using System.Net;
using Mlops.Client;

namespace Mlops.Web.Tests.Node;

public sealed class StoreTests : IAsyncLifetime
{
    private WebNode _node = null!;

    public async Task InitializeAsync() => _node = await WebNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Store_WithAFileThatWasChanged_NamesItAndCanGiveItUp()
    {
        await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));
        await _node.StopAsync();
        string file = Directory.EnumerateFiles(Path.Combine(_node.Folder, "data", "feeds", "press"), "*.parquet", SearchOption.AllDirectories).Single();
        byte[] content = await File.ReadAllBytesAsync(file);
        content[content.Length / 2] ^= 0xff;
        await File.WriteAllBytesAsync(file, content);
        _node = await WebNode.StartAsync(folder: _node.Folder);

        VerificationAnswer found = await _node.Typed.Store.VerifyAsync();
        StoreDetails store = await _node.Typed.Store.GetAsync();

        found.Damaged.ShouldHaveSingleItem().Feed.ShouldBe("press");
        store.Damaged.ShouldHaveSingleItem().Count.ShouldBe(3);
        (await _node.Typed.Node.GetStatusAsync()).Healthy.ShouldBeFalse();
        (await _node.Typed.Store.ForgetDamagedAsync("press")).ShouldHaveSingleItem().Count.ShouldBe(3);
        (await _node.Typed.Store.GetAsync()).Damaged.ShouldBeEmpty();
        (await Should.ThrowAsync<MlopsException>(() => _node.Typed.Store.ForgetDamagedAsync("press"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Store_OfANodeWithRecords_TellsSizeAndHasNothingToDrop()
    {
        await _node.Typed.Feeds.WriteAsync("press", SharedNode.Records(1, 2, 3));

        StoreDetails store = await _node.Typed.Store.GetAsync();

        (store.Feeds.Single(f => f.Feed == "press").Records, store.Trouble, store.FreeBytes > 0).ShouldBe((3, null, true));
        (await _node.Typed.Store.ApplyRetentionAsync()).Records.ShouldBe(0);
    }

    [Fact]
    public async Task Blob_StoredAndNamedByARecord_ComesBackAsItsTypeOnlyIfThatIsAnImage()
    {
        byte[] png = [0x89, 0x50, 0x4e, 0x47, 1, 2, 3];
        BlobDetails image = await _node.Typed.Store.PutBlobAsync(new MemoryStream(png), "image/png");
        BlobDetails page = await _node.Typed.Store.PutBlobAsync(new MemoryStream("<script>"u8.ToArray()), "text/html");
        await _node.Typed.Feeds.PutAsync("frames", new FeedBody([new FieldDetails("frame", "text", Blob: true)]));

        using HttpResponseMessage fetched = await _node.Http.GetAsync($"api/v1/blobs?reference={Uri.EscapeDataString(image.Reference)}");
        using HttpResponseMessage hostile = await _node.Http.GetAsync($"api/v1/blobs?reference={Uri.EscapeDataString(page.Reference)}");
        using HttpResponseMessage pretended = await _node.Http.GetAsync($"api/v1/blobs?reference={Uri.EscapeDataString(page.Reference.Replace("text/html", "image/svg+xml\r\nX-A: b", StringComparison.Ordinal))}");
        using HttpResponseMessage none = await _node.Http.GetAsync($"api/v1/blobs?reference=sha256:{new string('0', 64)};1;image/png");

        (await fetched.Content.ReadAsByteArrayAsync()).ShouldBe(png);
        fetched.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        hostile.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        pretended.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var copy = new MemoryStream();
        await _node.Typed.Store.GetBlobAsync(image.Reference, copy);
        copy.ToArray().ShouldBe(png);
        (await _node.Typed.Feeds.GetAsync("frames")).Fields.Single().Blob.ShouldBe(true);
    }

    [Theory]
    [InlineData("""{"fields":[]}""")]
    [InlineData("""{"fields":[{"name":"x","type":"colour"}]}""")]
    [InlineData("""{"fields":[{"name":"x","type":"text"},{"name":"x","type":"float64"}]}""")]
    public async Task PutFeed_WhatCannotBe_IsAProblemAndMakesNone(string body)
    {
        using HttpResponseMessage response = await _node.Http.PutAsync("api/v1/feeds/oven", WebNode.Json(body));

        await WebNode.ReadAsync(response, HttpStatusCode.BadRequest);
        (await _node.Typed.Feeds.ListAsync()).ShouldNotContain(f => f.Id == "oven");
    }
}
