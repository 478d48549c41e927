namespace Mlops.Workflows.Windows;

/// <summary>
/// Cuts windows of a number of records, in the order in which they came: the first as soon as there are enough, then one each hop. Where
/// records pause for longer than the gap, if there is one, counting begins anew.
/// </summary>
internal sealed class CountedCutter : WindowCutter
{
    private readonly long _gap;
    private readonly WindowRow[] _rows;
    private readonly double[] _values;
    private int _next;
    private int _count;
    private int _since;
    private bool _begun;

    public CountedCutter(WorkflowWindow window, int width, bool carries)
        : base(window, width, carries)
    {
        _gap = window.Gap is { } gap ? Nanoseconds(gap) : long.MaxValue;
        _rows = new WindowRow[window.Rows];
        _values = new double[window.Rows * width];
        _since = window.HopRows;
    }

    public override long? Reach => null;

    public override void Add(in WindowRow row, ReadOnlySpan<double> values, List<CutWindow> ended)
    {
        if (_count > 0 && _gap != long.MaxValue && Math.Abs(row.Time - _rows[At(_count - 1)].Time) > _gap)
            (_count, _since) = (0, Window.HopRows);
        _rows[_next] = row;
        values.CopyTo(_values.AsSpan(_next * Width, Width));
        _next = (_next + 1) % _rows.Length;
        _count = Math.Min(_count + 1, _rows.Length);
        _since = Math.Min(_since + 1, Window.HopRows);
        if (row.Position == Anchor)
            _since = 0;
        if (_count < _rows.Length || _since < Window.HopRows)
            return;
        ended.Add(Cut());
        _since = 0;
        if (_begun)
            Anchor = row.Position;
    }

    public override void Begin()
    {
        _begun = true;

        // Nothing is known of windows before: the first record that completes one ends it.
        if (Anchor is null)
            _since = Window.HopRows;
    }

    private CutWindow Cut()
    {
        int rows = _rows.Length;
        (long[] times, long[] records, double[] values) = (new long[rows], new long[rows], new double[rows * Width]);
        byte quality = byte.MaxValue;
        for (int i = 0; i < rows; i++)
        {
            int at = At(i);
            (times[i], records[i], quality) = (_rows[at].Time, _rows[at].Position, Math.Min(quality, _rows[at].Quality));
            for (int column = 0; column < Width; column++)
                values[(i * Width) + column] = Value(i, column);
        }

        WindowRow last = _rows[At(rows - 1)];
        return new CutWindow(last with { Quality = quality }, last.Position, times, values, records);
    }

    private double Value(int row, int column)
    {
        long time = _rows[At(row)].Time;
        for (int back = row; back >= 0 && (_gap == long.MaxValue || _rows[At(back)].Time >= time - _gap); back--)
        {
            double value = _values[(At(back) * Width) + column];
            if (!double.IsNaN(value) || !Carries)
                return value;
        }

        return double.NaN;
    }

    private int At(int index) => (_next - _count + index + _rows.Length) % _rows.Length;
}
