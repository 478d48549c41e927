namespace Mlops.Training;

/// <summary>
/// Keeps metrics by step in bounded memory: a series that is full drops every second point and from then on takes every second
/// one, so what is kept spans the whole run. Not thread-safe.
/// </summary>
internal sealed class MetricHistory(int maxPoints)
{
    private const int MaxSeries = 100;
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);

    public void Add(string name, long step, double value)
    {
        if (!_series.TryGetValue(name, out Series? series))
        {
            if (_series.Count >= MaxSeries)
                return;
            _series.Add(name, series = new Series());
        }

        series.Add(new MetricPoint(name, step, value), maxPoints);
    }

    public IReadOnlyList<MetricPoint> Snapshot() => [.. _series.Values.SelectMany(s => s.Points)];

    private sealed class Series
    {
        private readonly List<MetricPoint> _points = [];
        private long _stride = 1;
        private long _seen;
        private MetricPoint? _newest;

        // The newest point is always shown, taken or not.
        public IEnumerable<MetricPoint> Points => _newest is null ? _points : _points.Append(_newest);

        public void Add(MetricPoint point, int maxPoints)
        {
            if (_seen++ % _stride != 0)
            {
                _newest = point;
                return;
            }

            _newest = null;
            _points.Add(point);
            if (_points.Count < maxPoints)
                return;
            int kept = 0;
            for (int i = 0; i < _points.Count; i += 2)
                _points[kept++] = _points[i];
            if (_points.Count % 2 == 0)
                _newest = point;
            _points.RemoveRange(kept, _points.Count - kept);
            _stride *= 2;
        }
    }
}
