using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Charts;

/// <summary>Sums up records that become a file.</summary>
internal sealed class RecordSummary(FeedRevision revision)
{
    private readonly (int Field, SummaryBuilder Builder)[] _fields = [.. SegmentSummaries.FieldsOf(revision).Select(f => (f, new SummaryBuilder()))];
    private long _rows;

    public void Add(RecordBatch batch)
    {
        foreach ((int field, SummaryBuilder builder) in _fields)
            builder.Add(batch.Timestamps, batch.Column(field));
        _rows += batch.Count;
    }

    public IReadOnlyList<(string Field, FieldSummary Summary)> Finish() => [.. _fields.Select(f => (revision.Keys[f.Field], f.Builder.Finish(_rows)))];
}
