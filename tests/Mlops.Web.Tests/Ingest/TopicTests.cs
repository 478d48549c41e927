using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Client;
using Mlops.Messaging;

namespace Mlops.Web.Tests.Ingest;

/// <summary>Looking at what comes on topics.</summary>
public sealed class TopicTests
{
    [Fact]
    public async Task Topics_MessagesThatCameSinceTheFirstLook_AreCountedAndShown()
    {
        await using WebNode node = await WebNode.StartAsync();
        (await node.Typed.Ingest.ListTopicsAsync("hall/#")).ShouldBeEmpty();

        await PublishAsync(node, "hall/2/climate", "{\"temperature\":21}"u8.ToArray());
        await PublishAsync(node, "hall/2/climate", "{\"temperature\":22}"u8.ToArray());
        await PublishAsync(node, "hall/binary", [0xff, 0xfe, 0x00]);
        await PublishAsync(node, "hall/long", Encoding.UTF8.GetBytes(new string('é', 10_000)));
        await PublishAsync(node, "elsewhere", "x"u8.ToArray());

        IReadOnlyList<TopicDetails> topics = [];
        await WebNode.UntilAsync(async () => (topics = await node.Typed.Ingest.ListTopicsAsync("hall/#")).Sum(t => t.Messages) == 4);
        topics.Select(t => t.Topic).ShouldBe(["hall/2/climate", "hall/binary", "hall/long"]);
        topics[0].Messages.ShouldBe(2);
        topics[0].Text.ShouldNotBeNull().ShouldStartWith("{\"temperature\":2");
        topics[1].Base64.ShouldBe("//4A");
        topics[2].Whole.ShouldBeFalse();
        topics[2].Bytes.ShouldBe(20_000);
        topics[2].Text.ShouldNotBeNull().ShouldAllBe(c => c == 'é');
    }

    [Fact]
    public async Task Topics_MoreFiltersThanMayBeWatched_AreRefused()
    {
        await using WebNode node = await WebNode.StartAsync();
        for (int i = 0; i < Web.Ingest.TopicWatch.MaxWatches; i++)
            await node.Typed.Ingest.ListTopicsAsync($"hall/{i}");

        using HttpResponseMessage response = await node.Http.GetAsync("api/v1/topics?filter=one-more");

        (await WebNode.ReadAsync(response, HttpStatusCode.Conflict)).ShouldContain("watched already");
        await node.Typed.Ingest.ListTopicsAsync("hall/0");
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a+")]
    public async Task Topics_FilterThatIsNone_IsRefusedAndTakesNoPlace(string filter)
    {
        await using WebNode node = await WebNode.StartAsync();
        for (int i = 0; i <= Web.Ingest.TopicWatch.MaxWatches; i++)
        {
            using HttpResponseMessage response = await node.Http.GetAsync($"api/v1/topics?filter={Uri.EscapeDataString(filter)}");

            await WebNode.ReadAsync(response, HttpStatusCode.BadRequest);
        }
    }

    private static async Task PublishAsync(WebNode node, string topic, byte[] payload) =>
        await node.Services.GetRequiredService<IMessageBus>().PublishAsync(topic, payload);
}
