using Mlops.Data;
using Mlops.Prediction;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

public sealed class InputBindingTests
{
    private static readonly FeedSchema Feed = new("press", [new("force", FieldType.Float64), new("count", FieldType.Int64), new("tool", FieldType.Text)]);
    private static readonly FeedSchema Inputs = new("inputs", [new("f", FieldType.Float64), new("n", FieldType.Float64), new("t", FieldType.Text)]);
    private static readonly string[] Fields = ["force", "count", "tool"];
    private readonly List<SourceRow> _rows = [];

    [Fact]
    public void Bind_SameTypesNothingMissing_SharesTheMemory()
    {
        var inputs = new FeedSchema("inputs", [new("f", FieldType.Float64)]);
        var binding = new InputBinding(inputs, ["force"], MissingValues.Last);
        using RecordBatch batch = Records((1.5, 1, "a"), (2.5, 2, "b"));

        using RecordBatch bound = binding.Bind([batch], false, _rows);

        bound.Column(0).ValuesAddress.ShouldBe(batch.Column("force").ValuesAddress);
        _rows.Select(r => r.Position).ShouldBe([100, 101]);
    }

    [Fact]
    public void Bind_IntegerForNumber_Converts()
    {
        var binding = new InputBinding(Inputs, Fields, MissingValues.Null);
        using RecordBatch batch = Records((1.5, 7, "a"));

        using RecordBatch bound = binding.Bind([batch], false, _rows);

        bound.Column("n").Values<double>()[0].ShouldBe(7);
        bound.Column("t").GetValue(0).ShouldBe("a");
    }

    [Fact]
    public void Bind_FillLast_TakesTheValueBeforeAcrossBatches()
    {
        var binding = new InputBinding(Inputs, Fields, MissingValues.Last);
        using RecordBatch first = Records((null, 1, "a"), (2, null, null));
        using RecordBatch second = Records((null, 3, null));

        using RecordBatch one = binding.Bind([first], false, _rows);
        using RecordBatch two = binding.Bind([second], false, _rows);

        one.Column("f").IsValid(0).ShouldBeFalse();
        one.Column("n").GetValue(1).ShouldBe(1.0);
        two.Column("f").GetValue(0).ShouldBe(2.0);
        two.Column("t").GetValue(0).ShouldBe("a");
    }

    [Fact]
    public void Bind_FillSkip_LeavesOutIncompleteRecords()
    {
        var binding = new InputBinding(Inputs, Fields, MissingValues.Skip);
        using RecordBatch batch = Records((1, 1, "a"), (null, 2, "b"), (3, 3, "c"));

        using RecordBatch bound = binding.Bind([batch], false, _rows);

        bound.Count.ShouldBe(2);
        _rows.Select(r => r.Row).ShouldBe([0, 2]);
    }

    [Fact]
    public void Bind_NewestOnly_BindsTheLastRecordOfTheLastBatch()
    {
        var binding = new InputBinding(Inputs, Fields, MissingValues.Null);
        using RecordBatch first = Records((1, 1, "a"));
        using RecordBatch second = Records((2, 2, "b"), (3, 3, "c"));

        using RecordBatch bound = binding.Bind([first, second], true, _rows);

        bound.Count.ShouldBe(1);
        bound.Column("f").GetValue(0).ShouldBe(3.0);
        _rows.Single().Batch.ShouldBeSameAs(second);
    }

    [Fact]
    public void Bind_SeveralBatches_KeepsOrder()
    {
        var binding = new InputBinding(Inputs, Fields, MissingValues.Null);
        using RecordBatch first = Records((1, 1, "a"), (2, 1, "a"));
        using RecordBatch second = Records((3, 1, "a"));

        using RecordBatch bound = binding.Bind([first, second], false, _rows);

        bound.Column("f").Values<double>().ToArray().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Check_MissingField_NamesInputFieldAndWhatThereIs()
    {
        var error = Should.Throw<WorkflowException>(() => InputBinding.Check("wf", Inputs, ["force", "count", "colour"], Feed));

        error.Message.ShouldContain("'t'");
        error.Message.ShouldContain("'colour'");
        error.Message.ShouldContain("force, count, tool");
    }

    [Fact]
    public void Check_TextForNumber_IsRefused() =>
        Should.Throw<WorkflowException>(() => InputBinding.Check("wf", Inputs, ["tool", "count", "tool"], Feed)).Message.ShouldContain("Float64");

    private static RecordBatch Records(params (double? Force, long? Count, string? Tool)[] records)
    {
        var builder = new RecordBatchBuilder(Feed);
        foreach ((double? force, long? count, string? tool) in records)
        {
            builder.BeginRow(0);
            if (force is { } f)
                builder.SetFloat64(0, f);
            if (count is { } c)
                builder.SetInt64(1, c);
            if (tool is not null)
                builder.SetText(2, System.Text.Encoding.UTF8.GetBytes(tool));
            builder.EndRow();
        }

        return builder.Build(100);
    }
}
