using Mlops.Data;

namespace Mlops.Tests.Store;

/// <summary>One record as a test sees it; the time in seconds.</summary>
internal sealed record Row(long Position, long Time, byte Quality, long Sequence, long RecordSequence, object?[] Values)
{
    public object? this[int column] => Values[column];

    public static IEnumerable<Row> Of(RecordBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(i => new Row(
        batch.Positions[i], batch.Timestamps[i] / 1_000_000_000, batch.Qualities[i], batch.Sequences[i], batch.RecordSequences[i],
        [.. Enumerable.Range(0, batch.Schema.Fields.Count).Select(c => batch.Column(c).GetValue(i))]))];
}
