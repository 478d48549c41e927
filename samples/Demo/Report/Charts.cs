using System.Globalization;

namespace Demo.Report;

/// <summary>The plots of the report.</summary>
internal static class Charts
{
    public static string Confusion(Scoreboard scores)
    {
        IReadOnlyList<string> classes = scores.Classes;
        const int left = 150, top = 60;
        double cell = Math.Clamp(420.0 / Math.Max(1, classes.Count), 34, 110);
        var svg = new Svg((int)(left + (cell * classes.Count) + 20), (int)(top + (cell * classes.Count) + 20));
        svg.Text(left + (cell * classes.Count / 2), 16, "answered", "axis");
        for (int r = 0; r < classes.Count; r++)
        {
            long written = classes.Sum(c => scores.Count(classes[r], c));
            svg.Text(left - 8, top + (cell * (r + 0.5)) + 4, Shorten(classes[r]), "label", "end");
            svg.Text(left + (cell * (r + 0.5)), top - 10, Shorten(classes[r], (int)(cell / 7)), "label");
            for (int c = 0; c < classes.Count; c++)
            {
                long count = scores.Count(classes[r], classes[c]);
                double share = written == 0 ? 0 : (double)count / written;
                svg.Shade(left + (cell * c), top + (cell * r), cell - 2, cell - 2, 0.04 + (0.9 * share), $"{classes[r]} answered as {classes[c]}: {count} of {written}");
                svg.Text(left + (cell * (c + 0.5)), top + (cell * (r + 0.5)) + 4, Number(count), share > 0.55 ? "value light" : "value");
            }
        }

        return svg.ToString();
    }

    public static string Latency(Measured measured)
    {
        const int width = 720, height = 260, left = 56, bottom = 34, bars = 36;
        double from = Math.Max(0.001, Math.Min(measured.Ingest.Percentile(0.1), measured.Compute.Percentile(0.1)));
        double to = Math.Max(from * 10, measured.Total.Percentile(99.9) * 1.3);
        if (!double.IsFinite(from) || !double.IsFinite(to))
            return "<p>No latency was measured.</p>";
        double Edge(double i) => from * Math.Pow(to / from, i / bars);
        var ingest = Enumerable.Range(0, bars).Select(i => measured.Ingest.Between(Edge(i), Edge(i + 1))).ToArray();
        var compute = Enumerable.Range(0, bars).Select(i => measured.Compute.Between(Edge(i), Edge(i + 1))).ToArray();
        double most = Math.Max(1, Math.Max(ingest.Max(), compute.Max()));
        double bar = (double)(width - left - 10) / bars;
        var svg = new Svg(width, height);
        for (int i = 0; i < bars; i++)
        {
            double x = left + (bar * i);
            double scale = (height - bottom - 16) / most;
            string range = $"{Milliseconds(Edge(i))} to {Milliseconds(Edge(i + 1))}";
            svg.Rectangle(x + 1, height - bottom - (ingest[i] * scale), (bar / 2) - 1, ingest[i] * scale, "ingest", $"ingest {range}: {ingest[i]}");
            svg.Rectangle(x + (bar / 2), height - bottom - (compute[i] * scale), (bar / 2) - 1, compute[i] * scale, "compute", $"compute {range}: {compute[i]}");
            if (i % 6 == 0)
                svg.Text(x, height - bottom + 18, Milliseconds(Edge(i)), "label", "start");
        }

        svg.Line(left, height - bottom, width - 10, height - bottom, "line");
        svg.Text(left - 8, 22, Number((long)most), "label", "end");
        svg.Text(left - 8, height - bottom, "0", "label", "end");
        return svg.ToString();
    }

    public static string Time(Measured measured)
    {
        const int width = 720, height = 240, left = 56, bottom = 34, right = 50;
        IReadOnlyList<Timeline.Point> points = measured.Timeline.Points;
        if (points.Count < 2)
            return "<p>The run was too short for a timeline.</p>";
        double end = points[^1].Second;
        double most = Math.Max(1, points.Max(p => Math.Max(p.Records, p.Predictions)));
        double X(double second) => left + ((width - left - right) * second / end);
        double Y(double rate) => height - bottom - ((height - bottom - 16) * rate / most);
        double YAccuracy(double accuracy) => height - bottom - ((height - bottom - 16) * accuracy);
        var svg = new Svg(width, height);
        svg.Line(left, height - bottom, width - right, height - bottom, "line");
        svg.Path(points.Select(p => (X(p.Second), Y(p.Records))), "curve ingest-line");
        svg.Path(points.Select(p => (X(p.Second), Y(p.Predictions))), "curve compute-line");
        svg.Path(points.Where(p => double.IsFinite(p.Accuracy)).Select(p => (X(p.Second), YAccuracy(p.Accuracy))), "curve accuracy-line");
        svg.Text(left - 8, 22, Number((long)most) + "/s", "label", "end");
        svg.Text(width - right + 6, 22, "100 %", "label", "start");
        svg.Text(width - right + 6, height - bottom, "0 %", "label", "start");
        for (int i = 0; i <= 4; i++)
            svg.Text(X(end * i / 4), height - bottom + 18, (end * i / 4).ToString("0 s", CultureInfo.InvariantCulture));
        return svg.ToString();
    }

    private static string Shorten(string text, int length = 18) => text.Length <= Math.Max(3, length) ? text : text[..(Math.Max(3, length) - 1)] + "…";

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value < 1
        ? (value * 1000).ToString("0 µs", CultureInfo.InvariantCulture)
        : value.ToString(value < 10 ? "0.0 ms" : "0 ms", CultureInfo.InvariantCulture);
}
