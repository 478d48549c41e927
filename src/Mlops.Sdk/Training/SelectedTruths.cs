using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows.Windows;

namespace Mlops.Training;

/// <summary>Which records were selected, for which part, with which truth.</summary>
internal sealed class SelectedTruths
{
    private readonly Dictionary<long, (bool HeldOut, int Truth)> _records = [];
    private readonly Dictionary<object, int> _codes = [];
    private readonly bool _strict;

    /// <summary>Takes the selected records.</summary>
    /// <param name="selected">The records.</param>
    /// <param name="strict">Whether a window that lies in both parts counts in neither.</param>
    public SelectedTruths(SelectedData selected, bool strict)
    {
        _strict = strict;
        LabelType = selected.Data.LabelType;
        foreach (RecordBatch batch in selected.Data.Batches)
            Add(batch, heldOut: false);
        foreach (RecordBatch batch in selected.HeldOut?.Batches ?? [])
            Add(batch, heldOut: true);
    }

    public FieldType? LabelType { get; }

    public long First { get; private set; } = long.MaxValue;

    public long Last { get; private set; }

    /// <summary>Gets the latest time of a record.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>Gets the different truths by their numbers.</summary>
    public List<object> Values { get; } = [];

    /// <summary>Tells whether a window belongs to a part.</summary>
    public bool Has(CutWindow window, bool heldOut)
    {
        if (!_records.TryGetValue(window.Last.Position, out (bool HeldOut, int Truth) last) || last.HeldOut != heldOut)
            return false;
        return !_strict || !window.Records.Any(position => _records.TryGetValue(position, out (bool HeldOut, int Truth) other) && other.HeldOut != heldOut);
    }

    /// <summary>Returns a record's truth, as the place in <see cref="Values"/>.</summary>
    public int Of(long position) => _records.TryGetValue(position, out (bool HeldOut, int Truth) record) ? record.Truth : WindowTruth.None;

    private void Add(RecordBatch batch, bool heldOut)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            _records[batch.Positions[row]] = (heldOut, LabelType is null ? WindowTruth.None : Code(batch.Column(batch.Schema.Fields.Count - 1).GetValue(row)));
            Newest = Math.Max(Newest, batch.Timestamps[row]);
        }

        if (batch.Count > 0)
            (First, Last) = (Math.Min(First, batch.Positions[0]), Math.Max(Last, batch.Positions[^1]));
    }

    private int Code(object? value)
    {
        if (value is null)
            return WindowTruth.None;
        if (!_codes.TryGetValue(value, out int code))
        {
            _codes[value] = code = Values.Count;
            Values.Add(value);
        }

        return code;
    }
}
