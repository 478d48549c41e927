using System.Globalization;
using System.Text;

namespace Mlops.Web.Monitoring;

/// <summary>What one instrument has said under one set of tags. Thread-safe.</summary>
internal abstract class Series
{
    public abstract void Take(double value);

    public abstract void Write(StringBuilder text, string name, string labels);

    public static Series Create(bool isHistogram, bool isSum) => isHistogram ? new Buckets() : isSum ? new Sum() : new Last();

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(PrometheusText.Value(value)).Append('\n');
    }

    /// <summary>Counters and up-down counters, which say what is added.</summary>
    private sealed class Sum : Series
    {
        private readonly Lock _lock = new();
        private double _sum;

        public override void Take(double value)
        {
            lock (_lock)
                _sum += value;
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (_lock)
                Line(text, name, labels, _sum);
        }
    }

    /// <summary>Gauges and observed instruments, which say how it is.</summary>
    private sealed class Last : Series
    {
        private double _last;

        public override void Take(double value) => Volatile.Write(ref _last, value);

        public override void Write(StringBuilder text, string name, string labels) => Line(text, name, labels, Volatile.Read(ref _last));
    }

    /// <summary>Histograms, from microseconds to minutes, two bounds and a half for each power of ten.</summary>
    private sealed class Buckets : Series
    {
        private static readonly double[] Bounds =
            [1e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 10_000];

        private readonly Lock _lock = new();
        private readonly long[] _counts = new long[Bounds.Length + 1];
        private double _sum;

        public override void Take(double value)
        {
            int bucket = Array.BinarySearch(Bounds, value);
            lock (_lock)
            {
                _counts[bucket < 0 ? ~bucket : bucket]++;
                _sum += value;
            }
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (_lock)
            {
                string before = labels.Length > 0 ? labels + "," : "";
                long count = 0;
                for (int i = 0; i < _counts.Length; i++)
                {
                    count += _counts[i];
                    Line(text, name + "_bucket", $"{before}le=\"{PrometheusText.Value(i < Bounds.Length ? Bounds[i] : double.PositiveInfinity)}\"", count);
                }

                Line(text, name + "_sum", labels, _sum);
                text.Append(name).Append("_count");
                if (labels.Length > 0)
                    text.Append('{').Append(labels).Append('}');
                text.Append(' ').Append(count.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }
    }
}
