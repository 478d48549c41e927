using System.Text;
using Mlops.Data;

namespace Mlops.Tests.Data;

public sealed class ListColumnTests
{
    private static readonly FeedSchema Schema = new("f", [
        new FeedField("numbers", FieldType.Float64List), new FeedField("integers", FieldType.Int64List), new FeedField("flags", FieldType.BooleanList),
        new FeedField("texts", FieldType.TextList), new FeedField("scalar", FieldType.Int64)]);

    [Fact]
    public void GetValue_ListsOfAllLengths_ReturnsWhatWasSet()
    {
        var builder = new RecordBatchBuilder(Schema, 1);
        for (int row = 0; row < 100; row++)
        {
            builder.BeginRow(row);
            if (row % 4 != 3)
            {
                builder.SetList<double>(0, [.. Numbers(row)]);
                builder.BeginList(1);
                foreach (double number in Numbers(row))
                    builder.AddElement(1, (long)number);
                builder.SetList<bool>(2, [.. Numbers(row).Select(n => n > 1)]);
                builder.BeginList(3);
                foreach (double number in Numbers(row))
                    builder.AddTextElement(3, Encoding.UTF8.GetBytes(new string('ü', (int)number)));
            }

            builder.SetInt64(4, row);
            builder.EndRow();
        }

        using RecordBatch batch = builder.Build();

        for (int row = 0; row < 100; row++)
        {
            bool isNull = row % 4 == 3;
            batch.Column(0).GetValue(row).ShouldBe(isNull ? null : Numbers(row));
            batch.Column(1).GetValue(row).ShouldBe(isNull ? null : Numbers(row).Select(n => (long)n).ToArray());
            batch.Column(2).GetValue(row).ShouldBe(isNull ? null : Numbers(row).Select(n => n > 1).ToArray());
            batch.Column(3).GetValue(row).ShouldBe(isNull ? null : Numbers(row).Select(n => new string('ü', (int)n)).ToArray());
            batch.Column(4).GetValue(row).ShouldBe((long)row);
        }

        batch.Column(0).NullCount.ShouldBe(25);
        batch.Column(0).List<double>(3).Length.ShouldBe(0);
    }

    [Fact]
    public void SetNull_ListHalfWritten_ForgetsItsElements()
    {
        var builder = new RecordBatchBuilder(Schema, 1);
        builder.BeginRow(0);
        builder.BeginList(1);
        builder.AddElement(1, 5L);
        builder.SetNull(1);
        builder.EndRow();
        builder.BeginRow(1);
        builder.SetList<long>(1, [7L]);
        builder.EndRow();

        using RecordBatch batch = builder.Build();

        batch.Column(1).GetValue(0).ShouldBeNull();
        batch.Column(1).GetValue(1).ShouldBe(new[] { 7L });
    }

    [Fact]
    public void Append_AndCopy_TakeListsOver()
    {
        var builder = new RecordBatchBuilder(Schema, 1);
        builder.BeginRow(0);
        builder.SetList<double>(0, [1, double.NaN]);
        builder.SetInt64(4, 9);
        builder.EndRow();
        builder.BeginRow(1);
        builder.BeginList(3);
        builder.AddTextElement(3, "a"u8);
        builder.AddTextElement(3, ""u8);
        builder.EndRow();
        using RecordBatch source = builder.Build();

        var target = new RecordBatchBuilder(Schema, 1);
        target.Append(source, 1, 1);
        target.BeginRow(2);
        for (int c = 0; c < Schema.Fields.Count; c++)
            target.Copy(c, source.Column(c), 0);
        target.EndRow();
        using RecordBatch copy = target.Build();

        copy.Column(3).GetValue(0).ShouldBe(new[] { "a", "" });
        copy.Column(0).GetValue(0).ShouldBeNull();
        copy.Column(0).GetValue(1).ShouldBe(new[] { 1, double.NaN });
        copy.Column(4).GetValue(1).ShouldBe(9L);
        copy.Column(3).GetValue(1).ShouldBeNull();
    }

    [Fact]
    public void List_OfAnotherElement_SaysSo()
    {
        var builder = new RecordBatchBuilder(Schema, 1);
        builder.BeginRow(0);
        Should.Throw<InvalidOperationException>(() => builder.SetList<bool>(0, [true])).Message.ShouldContain("numbers");
        Should.Throw<InvalidOperationException>(() => builder.SetList<long>(4, [1])).Message.ShouldContain("scalar");
        Should.Throw<InvalidOperationException>(() => builder.AddTextElement(0, "x"u8));
        builder.EndRow();
        using RecordBatch batch = builder.Build();
        Should.Throw<InvalidOperationException>(() => batch.Column(0).List<byte>(0).Length);
        Should.Throw<InvalidOperationException>(() => batch.Column(0).Values<double>().Length);
        Should.Throw<InvalidOperationException>(() => batch.Column(0).Texts(0).Count());
    }

    private static double[] Numbers(int row) => [.. Enumerable.Range(0, row % 5).Select(i => (double)i)];
}
