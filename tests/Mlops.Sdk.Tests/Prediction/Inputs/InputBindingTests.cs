using Mlops.Data;
using Mlops.Prediction;
using Mlops.Prediction.Inputs;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Inputs;

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
        var error = Should.Throw<WorkflowException>(() => Check("wf", Inputs, ["force", "count", "colour"], Feed));

        error.Message.ShouldContain("'t'");
        error.Message.ShouldContain("'colour'");
        error.Message.ShouldContain("force, count, tool");
    }

    [Fact]
    public void Check_TextForNumber_IsRefused() =>
        Should.Throw<WorkflowException>(() => Check("wf", Inputs, ["tool", "count", "tool"], Feed)).Message.ShouldContain("Float64");

    [Fact]
    public void Check_SeveralThatDoNotFit_NamesAllWithInputFeedFieldBothTypesAndRemedy()
    {
        var error = Should.Throw<WorkflowException>(() => Check("wf", Inputs, ["tool", "count", "nowhere"], Feed));

        error.Message.ShouldContain("input 'f' wants Float64, but field 'tool' of feed 'press' is Text. Bind the input to another field");
        error.Message.ShouldContain("'nowhere'");
    }

    [Fact]
    public void Check_UnitsOfOtherQuantities_NamesBothAndWhatWouldDo()
    {
        var feed = new FeedSchema("press", [new("t", FieldType.Float64) { Unit = "bar" }]);
        var inputs = new FeedSchema("inputs", [new("temperature", FieldType.Float64) { Unit = "°C" }]);

        var error = Should.Throw<WorkflowException>(() => Check("wf", inputs, ["t"], feed));

        error.Message.ShouldContain("input 'temperature' wants Float64 in °C, but field 't' of feed 'press' is Float64 in bar");
        error.Message.ShouldContain("K, °C, °F");
    }

    [Fact]
    public void Check_WholeNumbersInAnotherUnit_IsRefused()
    {
        var feed = new FeedSchema("press", [new("length", FieldType.Int64) { Unit = "m" }]);
        var inputs = new FeedSchema("inputs", [new("length", FieldType.Int64) { Unit = "mm" }]);

        Should.Throw<WorkflowException>(() => Check("wf", inputs, ["length"], feed)).Message.ShouldContain("not whole");
    }

    [Fact]
    public void Bind_OtherUnit_ConvertsAlsoWhatItFills()
    {
        var feed = new FeedSchema("press", [new("t", FieldType.Int64) { Unit = "°F" }, new("other", FieldType.Float64)]);
        var inputs = new FeedSchema("inputs", [new("t", FieldType.Float64) { Unit = "°C" }]);
        var binding = new InputBinding(inputs, ["t"], MissingValues.Last);
        var builder = new RecordBatchBuilder(feed);
        builder.BeginRow(0);
        builder.SetInt64(0, 212);
        builder.EndRow();
        builder.BeginRow(1);
        builder.EndRow();
        using RecordBatch first = builder.Build(1);
        builder.BeginRow(2);
        builder.EndRow();
        using RecordBatch second = builder.Build(3);

        using RecordBatch one = binding.Bind([first], false, _rows);
        using RecordBatch two = binding.Bind([second], false, _rows);

        one.Column(0).Values<double>().ToArray().ShouldBe([100, 100], 1e-9);
        two.Column(0).Values<double>()[0].ShouldBe(100, 1e-9, "the last value before is converted once");
    }

    [Fact]
    public void Bind_FeedChangesItsUnit_ConvertsFromThen()
    {
        var inputs = new FeedSchema("inputs", [new("x", FieldType.Float64) { Unit = "mm" }]);
        var binding = new InputBinding(inputs, ["x"], MissingValues.Null);
        using RecordBatch before = One("mm", 5);
        using RecordBatch after = One("m", 5);
        using RecordBatch useless = One("kg", 5);

        using RecordBatch one = binding.Bind([before], false, _rows);
        using RecordBatch two = binding.Bind([after], false, _rows);

        one.Column(0).Values<double>()[0].ShouldBe(5);
        two.Column(0).Values<double>()[0].ShouldBe(5000);
        Should.Throw<WorkflowException>(() => binding.Bind([useless], false, _rows)).Message.ShouldContain("Float64 in kg");
    }

    private static void Check(string workflow, FeedSchema inputs, string[] fields, FeedSchema feed) =>
        InputMatch.Check(workflow, inputs, [.. fields.Select(f => new BoundField(feed, f))]);

    private static RecordBatch One(string unit, double value)
    {
        var builder = new RecordBatchBuilder(new FeedSchema("press", [new("x", FieldType.Float64) { Unit = unit }]));
        builder.BeginRow(0);
        builder.SetFloat64(0, value);
        builder.EndRow();
        return builder.Build(1);
    }

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
