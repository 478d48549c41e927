using Mlops.Testing.Csv;

namespace Mlops.Testing.Tests.Csv;

public class CsvLabelsTests
{
    [Fact]
    public void Constructor_RowsWithoutLabel_AreLeftOut()
    {
        var labels = new CsvLabels(Table("x,y\n1,b\n2,\n3,a\n4,b\n"), "y");
        labels.Rows.ShouldBe([0, 2, 3]);
        labels.Classes.ShouldBe(["a", "b"]);
        labels[1].ShouldBeNull();
    }

    [Fact]
    public void Constructor_MisspeltColumn_ListsColumnsAndSuggestsTheNearest()
    {
        var error = Should.Throw<CsvColumnNotFoundException>(() => new CsvLabels(Table("size,Fault_Type,faults\n1,a,2\n"), "fault_typ"));
        error.Suggestion.ShouldBe("Fault_Type");
        error.Message.ShouldBe("Reading 't.csv': there is no label column 'fault_typ'. Did you mean 'Fault_Type'? Columns: size, Fault_Type, faults.");
    }

    [Fact]
    public void Constructor_OneClass_Throws() =>
        Should.Throw<CsvSingleClassException>(() => new CsvLabels(Table("x,y\n1,a\n2,a\n3,\n"), "y"))
            .Message.ShouldContain("all 2 labelled rows have 'a'");

    [Fact]
    public void Constructor_NoLabelAtAll_Throws() =>
        Should.Throw<CsvNoRowsException>(() => new CsvLabels(Table("x,y\n1,\n2,\n"), "y")).Message.ShouldContain("none of the 2 rows");

    [Fact]
    public void Constructor_Quantity_TakesFractionsAndRefusesWords()
    {
        new CsvLabels(Table("x,y\n1,1\n2,2.5\n"), "y", quantity: true).Rows.Count.ShouldBe(2);
        Should.Throw<CsvRegressionException>(() => new CsvLabels(Table("x,y\n1,good\n2,bad\n"), "y", quantity: true)).Message.ShouldContain("words such as 'bad'");
    }

    [Fact]
    public void Constructor_FractionalLabels_SaysRegression() =>
        Should.Throw<CsvRegressionException>(() => new CsvLabels(Table("x,y\n1,1\n2,2.5\n"), "y")).Message.ShouldContain("fractions such as 2.5");

    [Theory]
    [InlineData(20, false)]
    [InlineData(21, true)]
    public void Constructor_ManyWholeNumbers_SaysRegressionPastTwenty(int distinct, bool regression)
    {
        var table = Table("x,y\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"1,{i % distinct}\n")));
        if (regression)
            Should.Throw<CsvRegressionException>(() => new CsvLabels(table, "y")).Message.ShouldContain("21 different whole numbers");
        else
            new CsvLabels(table, "y").Classes.Count.ShouldBe(20);
    }

    [Fact]
    public void Constructor_ManyWords_AreClasses() =>
        new CsvLabels(Table("x,y\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"1,w{i}\n"))), "y").Classes.Count.ShouldBe(30);

    private static CsvTable Table(string text) => CsvTable.Parse(text, "t.csv");
}
