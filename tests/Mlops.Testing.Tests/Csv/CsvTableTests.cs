using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mlops.Testing.Csv;

namespace Mlops.Testing.Tests.Csv;

public class CsvTableTests
{
    public static TheoryData<string, string, string[]> Texts => new()
    {
        { "plain", "a,b\n1,2\n", ["1", "2"] },
        { "no line end at the end", "a,b\n1,2", ["1", "2"] },
        { "CR LF", "a,b\r\n1,2\r\n", ["1", "2"] },
        { "CR alone", "a,b\r1,2\r", ["1", "2"] },
        { "byte order mark", "\uFEFFa,b\n1,2\n", ["1", "2"] },
        { "blank lines", "\na,b\n\n1,2\n\n", ["1", "2"] },
        { "quoted delimiter", "a,b\n\"1,5\",2\n", ["1,5", "2"] },
        { "quoted quote", "a,b\n\"say \"\"hi\"\"\",2\n", ["say \"hi\"", "2"] },
        { "quoted line ends", "a,b\n\"1\n2\r\n3\",2\n", ["1\n2\r\n3", "2"] },
        { "quote inside a plain field", "a,b\n5\" pipe,2\n", ["5\" pipe", "2"] },
        { "semicolon", "a;b\n1,5;2\n", ["1,5", "2"] },
        { "tab", "a\tb\n1,5\t2;3\n", ["1,5", "2;3"] },
        { "bar", "a|b\n1|2\n", ["1", "2"] },
        { "comma in a quoted header", "\"a, in mm\";b\n1;2\n", ["1", "2"] },
        { "not ASCII", "größe,b\nÄÖ µ 日本,2\n", ["ÄÖ µ 日本", "2"] },
        { "spaces kept", "a,b\n x ,2\n", [" x ", "2"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Parse_ValidText_GivesTheCells(string what, string text, string[] cells)
    {
        var table = CsvTable.Parse(text, what);
        table.RowCount.ShouldBe(1);
        table.Columns.Select(column => table[0, column]).ShouldBe(cells);
    }

    [Theory]
    [InlineData("1|2|-3", CsvColumnType.Integer)]
    [InlineData("9007199254740993|1", CsvColumnType.Integer)]
    [InlineData("1||3", CsvColumnType.Integer)]
    [InlineData("1|2.5", CsvColumnType.Decimal)]
    [InlineData("1e-3|.5|-7", CsvColumnType.Decimal)]
    [InlineData("true|False|TRUE", CsvColumnType.Boolean)]
    [InlineData("true|1", CsvColumnType.Text)]
    [InlineData("1|NA", CsvColumnType.Text)]
    [InlineData("1.5|NaN", CsvColumnType.Text)]
    [InlineData("1.5|1e999", CsvColumnType.Text)]
    [InlineData("007|12", CsvColumnType.Text)]
    [InlineData("0|0.5|-0.25", CsvColumnType.Decimal)]
    [InlineData("12345678901234567890123", CsvColumnType.Text)]
    [InlineData("1,5|2", CsvColumnType.Text)]
    [InlineData("|", CsvColumnType.Text)]
    public void Parse_Column_InfersItsType(string values, CsvColumnType type)
    {
        var text = "x;y\n" + string.Concat(values.Split('|').Select(value => $"{value};z\n"));
        CsvTable.Parse(text, "types").Column("x").Type.ShouldBe(type);
    }

    [Fact]
    public void Parse_EmptyCells_AreMissingAndNothingElseIs()
    {
        var table = CsvTable.Parse("a,b,c,d\n,\"\",NA, \n", "gaps");
        table.Columns.Select(column => table[0, column]).ShouldBe([null, null, "NA", " "]);
    }

    [Fact]
    public void Parse_OddHeaders_KeepsThemTrimmedAndNamesTheNameless()
    {
        var table = CsvTable.Parse(" Druck [bar] ,\"a\"\"b\",,x/y#1\n1,2,3,4\n", "headers");
        table.Columns.Select(column => column.Name).ShouldBe(["Druck [bar]", "a\"b", "column_3", "x/y#1"]);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", 3, 1)]
    [InlineData("a,b\n1,2\n\n\"x\ny\",2\n1,2,3\n", 6, 3)]
    public void Parse_BrokenLine_NamesLineAndFields(string text, int line, int fields)
    {
        var error = Should.Throw<CsvBrokenLineException>(() => CsvTable.Parse(text, "parts.csv"));
        (error.Line, error.ExpectedFields, error.ActualFields).ShouldBe((line, 2, fields));
        error.Message.ShouldStartWith($"Reading 'parts.csv': line {line} has {fields} fields, the header has 2.");
    }

    [Theory]
    [InlineData("a,b\n1,\"x\n3,4\n", 2)]
    [InlineData("a,b\n1,2\n1,\"x", 3)]
    [InlineData("a,b\n1,\"x\"\"", 2)]
    [InlineData("a,b\n1,\"x\"y\n", 2)]
    public void Parse_BrokenQuote_NamesTheLineWhereItBegins(string text, int line) =>
        Should.Throw<CsvQuoteException>(() => CsvTable.Parse(text, "q.csv", ',')).Line.ShouldBe(line);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("a,b\n")]
    public void Parse_NoRows_Throws(string text) =>
        Should.Throw<CsvNoRowsException>(() => CsvTable.Parse(text, "none.csv")).File.ShouldBe("none.csv");

    [Fact]
    public void Parse_TwoColumnsOfOneName_NamesBothPlaces() =>
        Should.Throw<CsvDuplicateColumnException>(() => CsvTable.Parse("a,b,a\n1,2,3\n", "d.csv"))
            .Message.ShouldContain("columns 1 and 3 are both named 'a'");

    [Fact]
    public void Line_RowsWithLineEndsInside_CountsLinesOfTheFile()
    {
        var table = CsvTable.Parse("a,b\r\n\"1\r\n2\",2\r\n\r\n3,4\r\n", "lines");
        Enumerable.Range(0, table.RowCount).Select(table.Line).ShouldBe([2, 5]);
    }

    [Fact]
    public void Load_FileThatIsNotUtf8_IsReadAsLatin1()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "größe;t\n1;5 µm\n", Encoding.Latin1);
            var table = CsvTable.Load(path);
            table[0, table.Column("t")].ShouldBe("5 µm");
            table.Columns[0].Name.ShouldBe("größe");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Parse_AnyCellsWrittenByTheRfc_ComeBack()
    {
        // At least two columns: a blank line cannot be told from a row of one empty cell.
        var cell = Gen.Elements("", "a", ",", ";", "\"", "\n", "\r\n", "\t", "1", " ", "ä").ListOf().Select(string.Concat);
        var table = Gen.Choose(2, 4).SelectMany(width => cell.ArrayOf(width).NonEmptyListOf());
        Prop.ForAll(table.ToArbitrary(), rows =>
        {
            var width = rows[0].Length;
            var header = string.Join(',', Enumerable.Range(0, width).Select(i => $"c{i}"));
            var text = header + "\r\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(Quoted)) + "\r\n"));
            var read = CsvTable.Parse(text, "any", ',');
            read.RowCount.ShouldBe(rows.Count);
            for (var r = 0; r < rows.Count; r++)
                read.Columns.Select(column => read[r, column] ?? "").ShouldBe(rows[r]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Parse_MutatedText_GivesATableOrACsvException()
    {
        var text = Gen.Elements(",", ";", "\"", "\"\"", "\n", "\r", "a", "1", "\t", "|", "\uFEFF", "é").ListOf().Select(string.Concat);
        Prop.ForAll(text.ToArbitrary(), characters =>
        {
            try
            {
                CsvTable.Parse(characters, "any").RowCount.ShouldBeGreaterThan(0);
            }
            catch (CsvException error)
            {
                error.Message.ShouldStartWith("Reading 'any': ");
            }
        }).QuickCheckThrowOnFailure();
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
