using System.Globalization;

namespace Mlops.Tests.Databus;

/// <summary>Messages as a connector of the Common Databus sends them.</summary>
internal static class DatabusMessages
{
    public const string MetadataTopic = "ie/m/j/simatic/v1/aoi1/dp";
    public const string StatusTopic = "ie/s/j/simatic/v1/aoi1/status";
    public const string Topic = "ie/d/j/simatic/v1/aoi1/dp/r/Line4/paste";
    public const string SeriesTopic = "ie/d/j/simatic/v1/aoi1/dp/r/Line4/vib";
    public const string Feed = "aoi1.line4.paste";
    public const string SeriesFeed = "aoi1.line4.vib";

    /// <summary>Metadata with one bulk and one timeseries collection.</summary>
    public static string Metadata(long? hash = 7, string more = "") => $$"""
        {"seq":7,{{(hash is null ? "" : string.Create(CultureInfo.InvariantCulture, $"\"hashVersion\":{hash},"))}}"applicationName":"AOI Station","statustopic":"{{StatusTopic}}",
         "connections":[{"name":"Line4","type":"simulated","dataPoints":[
          {"name":"paste","topic":"{{Topic}}","pubTopic":"ie/d/j/simatic/v1/aoi1/dp/w/Line4","publishType":"bulk",
           "dataPointDefinitions":[
             {"name":"Pad.Height","id":"h1","dataType":"Real","accessMode":"r","acquisitionCycleInMs":200,"acquisitionMode":"CyclicOnChange"},
             {"name":"Pad.Serial","id":"s1","dataType":"ULInt","accessMode":"r"},
             {"name":"Verdict","id":"v1","dataType":"String","accessMode":"rw"}{{more}}]},
          {"name":"vib","topic":"{{SeriesTopic}}","publishType":"timeseries",
           "dataPointDefinitions":[{"name":"AccX","id":"ax","dataType":"Int","valueRank":1,"arrayDimensions":[0],"acquisitionCycleInMs":100},{"name":"Temp","id":"t","dataType":"LReal"}]}]}]}
        """;

    /// <summary>Metadata of a collection with one data point of a type.</summary>
    public static string MetadataOf(string dataType, int valueRank = -1) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"hashVersion":1,"connections":[{"name":"Line4","type":"S7","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{"name":"p","id":"1","dataType":"{{dataType}}","valueRank":{{valueRank}}}]}]}]}
        """);

    public static string Bulk(int seq, double height, string time = "2026-03-04T05:06:07.1234567Z", long hash = 7) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"seq":{{seq}},"mdHashVer":{{hash}},"vals":[{"id":"h1","val":{{height}},"ts":"{{time}}","qc":3},{"id":"s1","val":"9007199254740993","ts":"{{time}}","qc":3,"qx":192}]}
        """);
}
