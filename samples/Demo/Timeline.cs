namespace Demo;

/// <summary>What happened when, for the report: rates and latency in at most 600 points; when full, neighbours are merged.</summary>
internal sealed class Timeline
{
    private const int MaxPoints = 600;
    private readonly List<Point> _points = [];
    private readonly Lock _gate = new();
    private double _width = 1;

    public IReadOnlyList<Point> Points
    {
        get
        {
            lock (_gate)
                return [.. _points];
        }
    }

    public void Add(double second, double recordsPerSecond, double predictionsPerSecond, double accuracy)
    {
        lock (_gate)
        {
            if (_points.Count > 0 && second - _points[^1].Second < _width)
                return;
            _points.Add(new Point(second, recordsPerSecond, predictionsPerSecond, accuracy));
            if (_points.Count < MaxPoints)
                return;
            _width *= 2;
            for (int i = _points.Count - 1; i > 0; i -= 2)
                _points.RemoveAt(i);
        }
    }

    internal readonly record struct Point(double Second, double Records, double Predictions, double Accuracy);
}
