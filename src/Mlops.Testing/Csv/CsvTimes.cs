using System.Globalization;

namespace Mlops.Testing.Csv;

/// <summary>Reads a column of times: ISO 8601 (UTC unless it says otherwise), or numbers since 1970.</summary>
internal static class CsvTimes
{
    // As seconds this is the year 5138, as milliseconds March 1973: columns of either kind lie on one side of it.
    private const double LargestSeconds = 1e11;

    // The last millisecond that DateTime can hold.
    private const double LargestMilliseconds = 253_402_300_799_999;

    public static DateTime[] Read(CsvTable table, CsvColumn column)
    {
        var numeric = column.Type is CsvColumnType.Integer or CsvColumnType.Decimal;
        var inSeconds = numeric && Enumerable.Range(0, table.RowCount).All(row => table[row, column] is not { } text || CsvTypes.ToDouble(text) < LargestSeconds);
        var times = new DateTime[table.RowCount];
        for (var row = 0; row < times.Length; row++)
        {
            var text = table[row, column];
            times[row] = (numeric ? FromNumber(text, inSeconds) : FromText(text))
                ?? throw new CsvTimeException(table.File, column.Name, table.Line(row), text);
        }

        return times;
    }

    private static DateTime? FromText(string? text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time) ? time : null;
    }

    private static DateTime? FromNumber(string? text, bool inSeconds)
    {
        if (text is null)
            return null;
        var milliseconds = CsvTypes.ToDouble(text) * (inSeconds ? 1000 : 1);
        return milliseconds is >= 0 and <= LargestMilliseconds ? DateTime.UnixEpoch.AddTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)) : null;
    }
}
