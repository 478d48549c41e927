using Mlops.Ingest;

namespace Mlops.Tests.Ingest;

public sealed class CsvReaderTests
{
    [Fact]
    public void Read_QuotedTextAndEmptyLines_KeepsLinesAndContent() =>
        Rows("a,b\n\"x\ny\",\"say \"\"hi\"\"\"\r\n\n1,\"\"\n,2").ShouldBe([(1, "a|b"), (2, "x\ny|say \"hi\""), (5, "1|"), (6, "∅|2")]);

    [Fact]
    public void Read_QuoteNotClosed_NamesTheLineOfItsRow() =>
        Should.Throw<FormatException>(() => Rows("a\n1\n\"2\n3\n")).Message.ShouldStartWith("Line 3:");

    private static List<(long Line, string Cells)> Rows(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        var rows = new List<(long, string)>();
        while (reader.Read())
            rows.Add((reader.Line, string.Join('|', reader.Cells.Select(c => c ?? "∅"))));
        return rows;
    }
}
