namespace Mlops.Workflows.Windows;

/// <summary>
/// Cuts windows of time. They end at multiples of the hop since 1970, and hold instants at equal distances, at each of which the newest
/// record not newer than it counts. A window is cut with the first record that is as much later than its end as it waits for late ones.
/// There is none where no record came since the one before, or where the feed paused at its beginning.
/// </summary>
internal sealed class TimedCutter : WindowCutter
{
    private const int ForgottenAtOnce = 64;
    private readonly long _size;
    private readonly long _hop;
    private readonly long _late;
    private readonly long _gap;
    private readonly List<WindowRow> _rows = [];
    private readonly List<double[]> _values = [];
    private readonly Stack<double[]> _unused = new();
    private long _newest = long.MinValue;

    public TimedCutter(WorkflowWindow window, int width, bool carries)
        : base(window, width, carries)
    {
        (_size, _hop, _late) = (Nanoseconds(window.Size!.Value), Nanoseconds(window.Hop!.Value), Nanoseconds(window.Late));
        _gap = window.Gap is { } gap ? Nanoseconds(gap) : _size;
    }

    public override long? Reach => _size + _gap + _late + _hop;

    public override void Add(in WindowRow row, ReadOnlySpan<double> values, List<CutWindow> ended)
    {
        // So far back that no window waits for it: the clock was set back, and what came before is another time.
        if (_newest != long.MinValue && row.Time < _newest - Reach)
            Clear();
        if (_newest != long.MinValue && row.Time > _newest)
            CutUntil(row.Time - _late, row.Position, ended);
        _newest = Math.Max(_newest, row.Time);
        Insert(row, values);
        int old = Find(NextEnd(_newest - _late) - _size - _gap - 1) + 1;
        if (old < ForgottenAtOnce)
            return;
        for (int i = 0; i < old; i++)
            _unused.Push(_values[i]);
        _rows.RemoveRange(0, old);
        _values.RemoveRange(0, old);
    }

    private void Clear()
    {
        _rows.Clear();
        _values.Clear();
        _newest = long.MinValue;
    }

    private void CutUntil(long time, long position, List<CutWindow> ended)
    {
        for (long end = NextEnd(_newest - _late); end <= time;)
        {
            int last = Find(end - 1);
            if (last >= 0 && _rows[last].Time >= end - _hop)
            {
                if (Cut(end, last, position) is { } window)
                    ended.Add(window);
                end += _hop;
            }
            else if (last + 1 < _rows.Count)
            {
                end = NextEnd(_rows[last + 1].Time);
            }
            else
            {
                return;
            }
        }
    }

    private CutWindow? Cut(long end, int last, long position)
    {
        int rows = Window.Rows, first = Find(end - _size - 1) + 1;
        var times = new long[rows];
        for (int i = 0; i < rows; i++)
            times[i] = end - _size + (long)((Int128)_size * (i + 1) / rows) - 1;
        int at = Find(times[0]);
        if (at < 0 || _rows[at].Time < times[0] - _gap)
            return null;
        var values = new double[rows * Width];
        for (int i = 0; i < rows; i++)
        {
            while (at + 1 < _rows.Count && _rows[at + 1].Time <= times[i])
                at++;
            for (int column = 0; column < Width; column++)
                values[(i * Width) + column] = Value(at, column, times[i] - _gap);
        }

        var records = new long[last - first + 1];
        byte quality = byte.MaxValue;
        for (int i = first; i <= last; i++)
        {
            records[i - first] = _rows[i].Position;
            quality = Math.Min(quality, _rows[i].Quality);
        }

        return new CutWindow(_rows[last] with { Quality = quality }, position, times, values, records);
    }

    private double Value(int at, int column, long oldest)
    {
        for (; at >= 0 && _rows[at].Time >= oldest; at--)
        {
            double value = _values[at][column];
            if (!double.IsNaN(value) || !Carries)
                return value;
        }

        return double.NaN;
    }

    private void Insert(in WindowRow row, ReadOnlySpan<double> values)
    {
        int index = Find(row.Time) + 1;
        double[] kept = _unused.Count > 0 ? _unused.Pop() : new double[Width];
        values.CopyTo(kept);
        _rows.Insert(index, row);
        _values.Insert(index, kept);
    }

    /// <summary>Finds the newest record that is not newer than a time; of several at one time the one that came last.</summary>
    private int Find(long time)
    {
        int low = 0, high = _rows.Count;
        if (high > 0 && _rows[high - 1].Time <= time)
            return high - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows[middle].Time <= time)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>Returns the first end of a window that is later than a time.</summary>
    private long NextEnd(long time)
    {
        (long hops, long rest) = Math.DivRem(time, _hop);
        return ((rest < 0 ? hops - 1 : hops) + 1) * _hop;
    }
}
