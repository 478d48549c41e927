namespace Mlops.Benchmarks.WholePath;

/// <summary>The names under which the load appears and the answers come back; the Python peer has the same.</summary>
internal static class Topics
{
    public const string Records = "ie/d/j/simatic/v1/bench/dp/r/plc/cycle";
    public const string Metadata = "ie/m/j/simatic/v1/bench/dp";
    public const string Feed = "bench.plc.cycle";
    public const string Answers = "ie/d/j/simatic/v1/node/dp/r/bench/answers";

    public static string MetadataText => $$"""
        {"hashVersion":{{Json.BulkMessageText.HashVersion}},"connections":[{"name":"plc","type":"S7","dataPoints":[{"name":"cycle","topic":"{{Records}}","publishType":"bulk","dataPointDefinitions":[{{string.Join(',', Enumerable.Range(0, Json.BulkMessageText.Values).Select(i => $$"""{"name":"value{{i}}","id":"{{101 + i}}","dataType":"LReal"}"""))}}]}]}]}
        """;
}
