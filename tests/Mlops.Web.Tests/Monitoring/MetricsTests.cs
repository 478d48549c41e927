using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Web.Monitoring;

namespace Mlops.Web.Tests.Monitoring;

public sealed partial class MetricsTests
{
    [Fact]
    public void Write_OfEachKindOfInstrument_IsPrometheusText()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Mlops.WebTest");
        Counter<long> counter = meter.CreateCounter<long>("web_test.messages", "{message}", "Messages.");
        Histogram<double> histogram = meter.CreateHistogram<double>("web_test.time", "s");
        meter.CreateObservableGauge("web_test.depth", () => 7);
        counter.Add(2, new KeyValuePair<string, object?>("feed", "a\"b\\\n"));
        counter.Add(3, new KeyValuePair<string, object?>("feed", "a\"b\\\n"));
        histogram.Record(0.02);
        histogram.Record(20);

        string[] lines = Encoding.UTF8.GetString(collector.Write()).Split('\n');

        lines.ShouldContain("# TYPE web_test_messages_total counter");
        lines.ShouldContain("web_test_messages_total{feed=\"a\\\"b\\\\\\n\"} 5");
        lines.ShouldContain("web_test_depth 7");
        lines.ShouldContain("web_test_time_seconds_bucket{le=\"0.01\"} 0");
        lines.ShouldContain("web_test_time_seconds_bucket{le=\"0.025\"} 1");
        lines.ShouldContain("web_test_time_seconds_bucket{le=\"+Inf\"} 2");
        lines.ShouldContain("web_test_time_seconds_count 2");
        lines.Where(l => l.Length > 0 && !l.StartsWith('#')).ShouldAllBe(l => Line().IsMatch(l));
    }

    [Fact]
    public void Take_EndlessTags_AreBoundedAndCounted()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Mlops.WebTest");
        Counter<long> counter = meter.CreateCounter<long>("web_test.endless");

        for (int i = 0; i < 12_000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));

        string text = Encoding.UTF8.GetString(collector.Write());
        Regex.Count(text, "^web_test_endless_total", RegexOptions.Multiline).ShouldBeLessThanOrEqualTo(10_000);
        text.ShouldNotContain("mlops_metrics_left_out_total 0\n");
    }

    [Fact]
    public void Take_UnderTagsSeenBefore_AllocatesNothing()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Mlops.WebTest");
        Counter<long> counter = meter.CreateCounter<long>("web_test.hot");
        var feed = new KeyValuePair<string, object?>("feed", "press");
        var cause = new KeyValuePair<string, object?>("cause", "unreadable");
        Record();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Record();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
        Encoding.UTF8.GetString(collector.Write()).ShouldContain("web_test_hot_total{cause=\"unreadable\",feed=\"press\"} 2002\n");

        // In either order they are the same tags.
        void Record()
        {
            counter.Add(1, feed, cause);
            counter.Add(1, cause, feed);
        }
    }

    [Fact]
    public async Task Take_FirstMeasurementsAtOnce_CountEachOnceAndEachSeriesOnce()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Mlops.WebTest");
        Counter<long> counter = meter.CreateCounter<long>("web_test.race");
        int before = collector.Count;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++)
                counter.Add(1, new KeyValuePair<string, object?>("id", i % 100));
        })));

        string[] lines = Encoding.UTF8.GetString(collector.Write()).Split('\n');
        lines.Where(l => l.StartsWith("web_test_race_total{", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).ShouldBe(Enumerable.Repeat("40", 100));
        meter.Dispose();
        collector.Write();
        (collector.Count - before).ShouldBeLessThan(100);
        Encoding.UTF8.GetString(collector.Write()).ShouldNotContain("web_test_race");
    }

    [Fact]
    public void Write_OfWhatIsNotObservedAnyMore_LeavesItOut()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Mlops.WebTest");
        string[] feeds = ["a", "b"];
        meter.CreateObservableGauge("web_test.feeds", () => feeds.Select(f => new Measurement<int>(1, new KeyValuePair<string, object?>("feed", f))));
        Encoding.UTF8.GetString(collector.Write()).ShouldContain("web_test_feeds{feed=\"b\"} 1");

        feeds = ["a"];
        string text = Encoding.UTF8.GetString(collector.Write());

        text.ShouldContain("web_test_feeds{feed=\"a\"} 1");
        text.ShouldNotContain("feed=\"b\"");
    }

    [Fact]
    public void Collector_OfAHost_TakesNothingOfAnotherInTheSameProcess()
    {
        using ServiceProvider own = new ServiceCollection().AddMetrics().BuildServiceProvider(), other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = own.GetRequiredService<IMeterFactory>();
        using var collector = new MetricsCollector(meters);

        meters.Create("Mlops.WebTest").CreateCounter<int>("web_test.own").Add(1);
        other.GetRequiredService<IMeterFactory>().Create("Mlops.WebTest").CreateCounter<int>("web_test.other").Add(1);

        string text = Encoding.UTF8.GetString(collector.Write());
        text.ShouldContain("web_test_own_total 1");
        text.ShouldNotContain("web_test_other");
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\")*\\})? \\S+$")]
    private static partial Regex Line();
}
