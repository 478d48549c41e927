using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
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

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\")*\\})? \\S+$")]
    private static partial Regex Line();
}
