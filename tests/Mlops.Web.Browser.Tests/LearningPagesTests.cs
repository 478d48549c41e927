namespace Mlops.Web.Browser.Tests;

/// <summary>The pages about learning with something on them, as a desktop and a phone show them, light and dark.</summary>
public sealed class LearningPagesTests(Chromium chromium, LearningPlant plant) : IClassFixture<Chromium>, IClassFixture<LearningPlant>
{
    [Theory]
    [InlineData("workflows", "workflows", "pcb-quality")]
    [InlineData("workflow", "workflows/pcb-quality", "README")]
    [InlineData("trainings", "trainings", "succeeded")]
    [InlineData("training", "trainings/{training}", "Feature importance")]
    [InlineData("training-failed", "trainings/{failed}", "Why it failed")]
    [InlineData("training-new", "trainings/new?like={training}", "Newest records only")]
    [InlineData("trainings-compare", "trainings/compare?ids={training},{other}", "macro_f1")]
    [InlineData("trainings-again", "trainings/again", "nightly")]
    [InlineData("models", "models", "production")]
    [InlineData("model", "models/{model}", "Lineage")]
    [InlineData("deployments", "deployments", "shadow under trial")]
    [InlineData("deployment", "deployments/{deployment}", "Accuracy over time")]
    [InlineData("deployment-new", "deployments/new?model={model}", "Publish up to age")]
    public async Task Page_InEveryLook_ShowsWhatThereIsAccessiblyAndComplainsOfNothing(string name, string path, string text)
    {
        foreach (Look look in Look.All)
        {
            await using Visit visit = await chromium.VisitAsync(plant.Node.Address, look);
            await visit.OpenAsync(plant.Path(path));
            await visit.SeeAsync(text);
            await visit.SettleAsync();
            await visit.ScreenshotAsync($"learning-{name}");
            await visit.CheckAccessibilityAsync();
            await visit.CheckWidthAsync();
        }
    }
}
