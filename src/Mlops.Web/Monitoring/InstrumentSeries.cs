using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mlops.Web.Monitoring;

/// <summary>
/// The series of one instrument. A measurement under tags that were seen before allocates nothing; the text of labels is made once for
/// each set of tags. Thread-safe.
/// </summary>
internal sealed class InstrumentSeries
{
    private readonly SeriesAllowance _allowance;
    private readonly ConcurrentDictionary<TagSet, Series> _byTags = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);

    public InstrumentSeries(Instrument instrument, SeriesAllowance allowance)
    {
        Instrument = instrument;
        _allowance = allowance;
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        string kind = instrument.GetType().Name;
        IsHistogram = kind.StartsWith("Histogram`", StringComparison.Ordinal);
        IsCounter = kind.StartsWith("Counter`", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter`", StringComparison.Ordinal);
        IsSum = !IsHistogram && !instrument.IsObservable && !kind.StartsWith("Gauge`", StringComparison.Ordinal);
    }

    public Instrument Instrument { get; }

    public bool IsHistogram { get; }

    public bool IsCounter { get; }

    public bool IsEmpty => _byTags.IsEmpty;

    private bool IsSum { get; }

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_lookup.TryGetValue(tags, out Series? series))
            series = Add(tags);
        series?.Take(value);
    }

    /// <summary>Returns the series with their labels.</summary>
    public IReadOnlyList<(string Labels, Series Series)> All()
    {
        lock (_byLabels)
            return [.. _byLabels.Select(s => (s.Key, s.Value))];
    }

    /// <summary>Forgets all series.</summary>
    public void Clear()
    {
        lock (_byLabels)
        {
            _allowance.Return(_byTags.Count);
            _byTags.Clear();
            _byLabels.Clear();
        }
    }

    private Series? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_byLabels)
        {
            if (_lookup.TryGetValue(tags, out Series? series))
                return series;
            if (!_allowance.TryTake())
                return null;
            // The same tags in another order are the same series.
            string labels = PrometheusText.Labels(tags);
            if (!_byLabels.TryGetValue(labels, out series))
                _byLabels.Add(labels, series = Series.Create(IsHistogram, IsSum));
            _lookup[tags] = series;
            return series;
        }
    }
}
