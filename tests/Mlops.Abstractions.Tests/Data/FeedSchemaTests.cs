using Mlops.Data;

namespace Mlops.Tests.Data;

public class FeedSchemaTests
{
    [Fact]
    public void Constructor_SameNameTwice_NamesFeedAndField() =>
        Should.Throw<ArgumentException>(() => new FeedSchema("press.4.temp", [new("a", FieldType.Int64), new("a", FieldType.Text)]))
            .Message.ShouldContain("'press.4.temp': the field 'a'");

    [Fact]
    public void IndexOf_NamesDifferingInCase_TellsThemApart()
    {
        var schema = new FeedSchema("f", [new("temp", FieldType.Float64), new("Temp", FieldType.Float64)]);

        schema.IndexOf("Temp").ShouldBe(1);
        schema.IndexOf("TEMP").ShouldBe(-1);
    }
}
