using System.Text;
using Mlops.Data;

namespace Mlops.Tests.Data;

public class RecordBatchTests
{
    private static readonly FeedSchema Schema = new("f", [new("a", FieldType.Float64), new("n", FieldType.Text), new("ok", FieldType.Boolean)]);

    [Fact]
    public void Retain_OneReferenceDisposed_TheOtherStillReads()
    {
        RecordBatch first = Batch(1.5, "x");
        RecordBatch second = first.Retain();

        first.Dispose();

        second.Column("a").Values<double>()[0].ShouldBe(1.5);
        Should.Throw<ObjectDisposedException>(() => first.Timestamps.Length);
        second.Dispose();
    }

    [Fact]
    public void Dispose_Twice_ReleasesOnce()
    {
        RecordBatch first = Batch(1.5, "x");
        RecordBatch second = first.Retain();

        first.Dispose();
        first.Dispose();

        second.Column("n").GetValue(0).ShouldBe("x");
        second.Dispose();
    }

    [Fact]
    public void Dispose_LastReference_MemoryIsUsedAgainWithoutOldValues()
    {
        var builder = new RecordBatchBuilder(Schema);
        nint address;
        using (RecordBatch first = Fill(builder, 1.5, "a long text that must not shine through"))
            address = first.Column(0).ValuesAddress;

        builder.BeginRow(2);
        builder.EndRow();
        using RecordBatch second = builder.Build();

        second.Column(0).ValuesAddress.ShouldBe(address);
        Enumerable.Range(0, 3).Select(c => second.Column(c).GetValue(0)).ShouldBe([null, null, null]);
        second.Column(1).TextBytes.Length.ShouldBe(0);
        second.Column(0).Values<double>()[0].ShouldBe(0);
    }

    [Fact]
    public void Project_AView_SharesMemoryUnderOtherNamesAndOutlivesTheBatch()
    {
        var schema = new FeedSchema("view", [new("note", FieldType.Text), new("height", FieldType.Float64)]);
        RecordBatch batch = Batch(1.5, "x");
        nint address = batch.Column("a").ValuesAddress;
        RecordBatch view = batch.Project(schema, [1, 0]);
        RecordBatch viewOfView = view.Project(new FeedSchema("v2", [new("h", FieldType.Float64)]), [1]);

        batch.Dispose();
        view.Dispose();

        viewOfView.Column("h").ValuesAddress.ShouldBe(address);
        viewOfView.Column("h").GetValue(0).ShouldBe(1.5);
        viewOfView.Dispose();
    }

    [Fact]
    public void Project_OtherType_NamesTheField()
    {
        using RecordBatch batch = Batch(1.5, "x");
        Should.Throw<ArgumentException>(() => batch.Project(new FeedSchema("v", [new("h", FieldType.Int64)]), [0])).Message.ShouldContain("'h'");
        Should.Throw<ArgumentException>(() => batch.Project(new FeedSchema("v", []), [0]));
    }

    [Fact]
    public void Column_UnknownField_ListsTheFields()
    {
        using RecordBatch batch = Batch(1.5, "x");
        Should.Throw<ArgumentException>(() => batch.Column("b").Count).Message.ShouldContain("Its fields: a, n, ok");
    }

    [Fact]
    public void Values_OtherWidth_Throws()
    {
        using RecordBatch batch = Batch(1.5, "x");
        Should.Throw<InvalidOperationException>(() => batch.Column("a").Values<byte>().Length);
        Should.Throw<InvalidOperationException>(() => batch.Column("n").Values<long>().Length);
        Should.Throw<InvalidOperationException>(() => batch.Column("a").Offsets.Length);
    }

    [Fact]
    public void Bytes_MoreRows_Grow()
    {
        using RecordBatch small = Batch(1.5, "x");
        var builder = new RecordBatchBuilder(Schema);
        builder.AppendRows(1000);
        using RecordBatch large = builder.Build();

        small.Bytes.ShouldBeGreaterThan(64 * 8);
        large.Bytes.ShouldBeGreaterThan(small.Bytes * 10);
    }

    private static RecordBatch Batch(double a, string n) => Fill(new RecordBatchBuilder(Schema), a, n);

    private static RecordBatch Fill(RecordBatchBuilder builder, double a, string n)
    {
        builder.BeginRow(1);
        builder.SetFloat64(0, a);
        builder.SetText(1, Encoding.UTF8.GetBytes(n));
        builder.SetBoolean(2, true);
        builder.EndRow();
        return builder.Build();
    }
}
