using System.Text.Json.Nodes;
using Mlops.Drivers;
using Mlops.Drivers.Settings;

namespace Mlops.Tests.Drivers.Forms;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Read_NumbersAsTextAnyCaseAndListsAsEntries_GivesOneSpelling()
    {
        BoundSettings bound = Read("""{"ADDRESS":"a","speed":"20","Day":"friday","interval":"00:01:00","points":{"0":{"name":"x","weight":"0.5"},"1":{"name":"y"}},"factors":{"K":"1e3"},"flag":"True"}""");

        var settings = (ScriptedDriverFactory.Settings)bound.Instance;
        (settings.Address, settings.Speed, settings.Day, settings.Interval, settings.Flag).ShouldBe(("a", 20, DayOfWeek.Friday, TimeSpan.FromMinutes(1), (bool?)true));
        settings.Points.Select(p => (p.Name, p.Weight)).ShouldBe([("x", 0.5), ("y", 1)]);
        settings.Factors.ShouldContainKeyAndValue("K", 1000);
        JsonNode.DeepEquals(
            bound.Spelled,
            JsonNode.Parse("""{"address":"a","speed":20,"day":"friday","interval":"00:01:00","points":[{"name":"x","weight":0.5},{"name":"y"}],"factors":{"K":1000},"flag":true}""")).ShouldBeTrue(bound.Spelled.ToJsonString());
    }

    [Theory]
    [InlineData("""{"address":"a","speed":"many"}""", "speed", "Asset 'press-4': Setting 'speed' is 'many'. Give a whole number that fits.")]
    [InlineData("""{"address":"a","speed":0}""", "speed", "Setting 'speed' is 0: The field Speed must be between 1 and 100.")]
    [InlineData("""{"address":"a","sped":1}""", "sped", "Setting 'sped' is not known. Did you mean 'speed'?")]
    [InlineData("""{"address":"a","speed":1,"Speed":2}""", "speed", "is given twice")]
    [InlineData("""{}""", "address", "Setting 'address'")]
    [InlineData("""{"address":"a","day":"someday"}""", "day", "Give one of: sunday, monday")]
    [InlineData("""{"address":"a","interval":"soon"}""", "interval", "Give a duration such as 00:00:05")]
    [InlineData("""{"address":"a","interval":"10:00:00"}""", "interval", "Setting 'interval' is '10:00:00'")]
    [InlineData("""{"address":"a","points":[{"name":"x","weight":2}]}""", "points[0].weight", "Setting 'points[0].weight' is 2:")]
    [InlineData("""{"address":"a","points":[{"nam":"x"}]}""", "points[0].nam", "Did you mean 'name'?")]
    [InlineData("""{"address":"a","points":"x"}""", "points", "Give a list.")]
    [InlineData("""{"address":{"host":"x"}}""", "address", "Give text.")]
    [InlineData("""{"address":"a","shown":"x"}""", "shown", "is not known")]
    [InlineData("""{"address":"a","speed":null}""", "", "The settings cannot be read")]
    public void Read_WrongSetting_NamesAssetSettingValueAndRemedy(string settings, string setting, string expected)
    {
        DriverConfigurationException refused = Should.Throw<DriverConfigurationException>(() => Read(settings));
        refused.Message.ShouldContain(expected);
        refused.Message.ShouldEndWith("Correct the settings of asset 'press-4'.");
        refused.Findings.ShouldHaveSingleItem().Setting.ShouldBe(setting);
    }

    [Fact]
    public void Read_SeveralWrong_NamesAllOfThem() =>
        Should.Throw<DriverConfigurationException>(() => Read("""{"address":"a","speed":"x","day":"y","z":1}""")).Findings.Select(f => f.Setting).ShouldBe(["speed", "day", "z"]);

    [Fact]
    public void Read_WrongSecret_IsNotShown() =>
        Should.Throw<DriverConfigurationException>(() => Read("""{"address":"a","password":{"hunter":"2"}}""")).Message.ShouldNotContain("hunter");

    private static BoundSettings Read(string settings) =>
        SettingsReader.Read("press-4", JsonNode.Parse(settings)!.AsObject(), typeof(ScriptedDriverFactory.Settings), "the settings of asset 'press-4'");
}
