using Microsoft.Playwright;

namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>From messages on topics to records in a feed.</summary>
public sealed class IngestTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Messages_SeenOnATopic_BecomeAMappingThatStoresThem()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        using var stop = new CancellationTokenSource();
        Task publishing = PublishAsync(node, stop.Token);
        await using (Visit visit = await chromium.VisitAsync(node.Address))
        {
            await visit.OpenAsync("ingest");
            await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new(@"^hall\/2\/climate") }).ClickAsync();
            await visit.SeeAsync("\"humidity\"");
            await visit.ScreenshotAsync("topic");
            await visit.PressAsync("Make a mapping");
            await visit.FillAsync("Feed", "hall.climate");
            await visit.Page.GetByLabel("Unit of field 1").FillAsync("°C");
            await visit.ScreenshotAsync("mapping", whole: false);
            await visit.CheckAccessibilityAsync();
            await visit.PressAsync("Save mapping");
            await visit.SeeAsync("Goes into the feed");
            await PlantNode.UntilAsync(async () => (await node.Client.Feeds.ListAsync()).Any(f => f.Id == "hall.climate" && f.Records > 3), "the mapping stores records");

            await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "hall.climate" }).ClickAsync();

            await visit.SeeHeadingAsync("hall.climate");
            (await node.Client.Feeds.GetAsync("hall.climate")).Fields.ShouldContain(f => f.Name == "temperature" && f.Unit == "°C");
        }

        await stop.CancelAsync();
        await publishing;
    }

    [Fact]
    public async Task DeadLetter_MappingMended_IsTakenAgain()
    {
        await using PlantNode node = await PlantNode.StartAsync();
        await node.Client.Ingest.AddMappingAsync(new Client.Mapping("saw/+", "saw", Records: "items", Fields: [new Client.MappingField("speed", "speed")]));
        await node.PublishAsync("saw/1", """{"timestamp":"2024-05-01T06:00:00Z","speed":12.5}""");
        await PlantNode.UntilAsync(async () => (await node.Client.Ingest.ListDeadLettersAsync()).Count == 1, "the message is put aside");
        await using Visit visit = await chromium.VisitAsync(node.Address);
        await visit.OpenAsync("");
        await visit.ClickLinkAsync("A message could not be decoded");
        await visit.SeeAsync("saw/1");

        await visit.ClickTabAsync("Mappings");
        await visit.Page.GetByLabel("Change the mapping of saw/+").ClickAsync();
        await visit.FillAsync("Records", "");
        await visit.PressAsync("Save mapping");
        await visit.ClickTabAsync("Dead letters");
        await visit.PressAsync("Replay all of this page");

        await visit.SeeAsync("No dead letters");
        (await node.Client.Feeds.GetAsync("saw")).Records.ShouldBe(1);
    }

    private static async Task PublishAsync(PlantNode node, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            await node.PublishAsync("hall/2/climate", $$"""{"timestamp":"{{DateTimeOffset.UtcNow:O}}","temperature":{{20 + (i % 5)}}.5,"humidity":48.5}""");
            await Task.WhenAny(Task.Delay(100, stop));
        }
    }
}
