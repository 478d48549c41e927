namespace Mlops.Web.Browser.Tests.Pages;

/// <summary>Every page, as a desktop and a phone show it, light and dark.</summary>
public sealed class PagesTests(Chromium chromium, FilledPlant plant) : IClassFixture<Chromium>, IClassFixture<FilledPlant>
{
    [Theory]
    [InlineData("", "overview")]
    [InlineData("assets", "assets")]
    [InlineData("assets/new", "asset-add")]
    [InlineData("assets/press-4", "asset")]
    [InlineData("ingest", "ingest")]
    [InlineData("ingest/mappings", "mappings")]
    [InlineData("ingest/dead-letters", "dead-letters")]
    [InlineData("data", "data")]
    [InlineData("data/oven-3.reflow", "data-chart")]
    [InlineData("data/oven-3.reflow?tab=table", "data-table")]
    [InlineData("data/oven-3.reflow?tab=labels", "data-labels")]
    [InlineData("workflows", "workflows")]
    [InlineData("trainings", "trainings")]
    [InlineData("models", "models")]
    [InlineData("deployments", "deployments")]
    [InlineData("access", "access")]
    public async Task Page_InEveryLook_IsAccessibleFitsAndComplainsOfNothing(string path, string name)
    {
        foreach (Look look in Look.All)
        {
            await using Visit visit = await chromium.VisitAsync(plant.Node.Address, look);
            await visit.OpenAsync(path);
            await visit.ScreenshotAsync(name);
            await visit.CheckAccessibilityAsync();
            await visit.CheckWidthAsync();
        }
    }
}
