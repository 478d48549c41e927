using System.Globalization;
using System.Text;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>Messages of an app whose collections have the data points <c>number</c> (LInt), which tells records apart, and <c>value</c> (LReal).</summary>
internal static class BusText
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static string MetadataTopic(string app) => $"ie/m/j/simatic/v1/{app}/dp";

    public static string Topic(string app, string collection) => $"ie/d/j/simatic/v1/{app}/dp/r/plc/{collection}";

    public static string Feed(string app, string collection) => $"{app}.plc.{collection}";

    public static byte[] Metadata(string app, IEnumerable<string> collections) => Metadata(app, collections, """{"name":"number","id":"n","dataType":"LInt"},{"name":"value","id":"v","dataType":"LReal"}""");

    /// <param name="app">The app.</param>
    /// <param name="collections">Its collections.</param>
    /// <param name="definitions">The data points of each, as JSON objects.</param>
    /// <param name="hash">The version of the metadata.</param>
    public static byte[] Metadata(string app, IEnumerable<string> collections, string definitions, int hash = 1) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
        {"hashVersion":{{hash}},"connections":[{"name":"plc","type":"S7","dataPoints":[{{string.Join(',', collections.Select(c => $$"""{"name":"{{c}}","topic":"{{Topic(app, c)}}","publishType":"bulk","dataPointDefinitions":[{{definitions}}]}"""))}}]}]}
        """));

    /// <summary>Returns the instant of a record: the same whenever it is sent, which is part of what recognises a repeated one.</summary>
    public static string Time(long sequence) => Start.AddMilliseconds(sequence).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static byte[] Record(long sequence, long number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
        {"seq":{{sequence}},"mdHashVer":1,"vals":[{"id":"n","val":"{{number}}","ts":"{{Time(sequence)}}","qc":3},{"id":"v","val":{{number * 0.5}},"ts":"{{Time(sequence)}}","qc":3}]}
        """));
}
