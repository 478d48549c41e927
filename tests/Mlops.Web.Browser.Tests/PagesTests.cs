using System.Text.Json;

namespace Mlops.Web.Browser.Tests;

/// <summary>Every page, as a desktop and a phone show it, light and dark.</summary>
public sealed class PagesTests(Chromium chromium, Plant plant) : IClassFixture<Chromium>, IClassFixture<Plant>
{
    public static TheoryData<string> Paths => ["", .. JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(Repository.Pages, "src/app/pages.json")))!];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Page_InEveryLook_IsAccessibleFitsAndComplainsOfNothing(string path)
    {
        foreach (Look look in Look.All)
        {
            await using Visit visit = await chromium.VisitAsync(plant.Node.Address, look);
            await visit.OpenAsync(path);
            await visit.ScreenshotAsync(path.Length == 0 ? "overview" : path);
            await visit.CheckAccessibilityAsync();
            await visit.CheckWidthAsync();
        }
    }
}
