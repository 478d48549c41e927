using Mlops.Data;

namespace Mlops.Tests.Data;

public class FeedIdTests
{
    [Theory]
    [InlineData("AOI1", "Line4", "inspection", "aoi1.line4.inspection")]
    [InlineData("My App", "S7-Connection_1", "Maschine/Öl", "my-app.s7-connection_1.maschine--l")]
    [InlineData("a.b", "", "😀", "a-b.-.-")]
    public void From_AnnouncedNames_LowersAndReplaces(string app, string connection, string collection, string id) =>
        FeedId.From(new FeedOrigin(app, connection, collection)).ShouldBe(id);

    [Theory]
    [InlineData("Press 4.Temp", "press-4.temp")]
    [InlineData("..", "-.-.-")]
    [InlineData("../../etc", "-.-.-.-.-etc")]
    public void Normalize_AnyText_GivesAnIdThatIsNoPath(string text, string id)
    {
        FeedId.Normalize(text).ShouldBe(id);
        FeedId.Normalize(id).ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Normalize_Nothing_Throws(string text) => Should.Throw<ArgumentException>(() => FeedId.Normalize(text));
}
