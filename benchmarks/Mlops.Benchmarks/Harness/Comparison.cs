namespace Mlops.Benchmarks.Harness;

/// <summary>Lets two contenders take turns, so that what else the machine does meets both, and keeps the figures.</summary>
internal sealed class Comparison(TextWriter progress)
{
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Gets what the scenario wants to be said beside the figures.</summary>
    public IList<string> Notes { get; } = [];

    /// <summary>Runs one unmeasured round of each, then measured rounds A B A B.</summary>
    public async Task RunAsync(string name, int rounds, IReadOnlyList<Metric> metrics, Contender ours, Contender baseline, CancellationToken stop)
    {
        await ours.RoundAsync(stop);
        await baseline.RoundAsync(stop);
        var measured = new List<(IReadOnlyDictionary<string, double> Ours, IReadOnlyDictionary<string, double> Baseline)>();
        for (int round = 0; round < rounds; round++)
            measured.Add((await ours.RoundAsync(stop), await baseline.RoundAsync(stop)));
        foreach (Metric metric in metrics)
        {
            var a = Spread.Of(measured.Select(m => m.Ours[metric.Name]));
            var b = Spread.Of(measured.Select(m => m.Baseline[metric.Name]));
            (double gain, double loss) = metric.HigherIsBetter ? (a.Median, b.Median) : (b.Median, a.Median);
            double? ratio = gain > 0 && loss > 0 ? gain / loss : null;
            _figures.Add(new Figure(name, metric.Name, metric.Unit, ours.Name, a, baseline.Name, b, ratio, rounds));
            progress.WriteLine($"  {name}: {metric.Name} {a.Median:g4} against {b.Median:g4} {metric.Unit}");
        }
    }
}
