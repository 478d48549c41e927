using System.Globalization;
using System.Text;

namespace Mlops.Benchmarks.Json;

/// <summary>Bulk messages of 16 numbers as connectors send them: an id, a value, a time and a quality each; about 1 kB.</summary>
internal static class BulkMessageText
{
    public const int Values = 16;
    public const long HashVersion = 4711;
    private static readonly DateTime s_start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static byte[] Write(long sequence, double[] values)
    {
        string time = s_start.AddMilliseconds(sequence).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var text = new StringBuilder(1100);
        text.Append(CultureInfo.InvariantCulture, $"{{\"seq\":{sequence},\"mdHashVer\":{HashVersion},\"vals\":[");
        for (int i = 0; i < values.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{{\"id\":\"{101 + i}\",\"val\":{values[i]:0.000000},\"ts\":\"{time}\",\"qc\":3}}");
        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    public static byte[][] WriteMany(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(1, count).Select(seq => Write(seq, [.. Enumerable.Range(0, Values).Select(_ => random.NextDouble() * 100)]))];
    }
}
