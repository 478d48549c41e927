using System.Globalization;

namespace Mlops.Testing.Csv;

/// <summary>Finds out what the values of a column are.</summary>
internal static class CsvTypes
{
    public static CsvColumnType Infer(IEnumerable<string?> values)
    {
        var seen = false;
        bool integer = true, number = true, boolean = true;
        foreach (var value in values)
        {
            if (value is null)
                continue;
            seen = true;
            integer = integer && IsInteger(value);
            number = number && IsNumber(value);
            boolean = boolean && bool.TryParse(value, out _);
            if (!integer && !number && !boolean)
                return CsvColumnType.Text;
        }

        return !seen ? CsvColumnType.Text
            : integer ? CsvColumnType.Integer
            : number ? CsvColumnType.Decimal
            : CsvColumnType.Boolean;
    }

    public static bool IsInteger(string value) =>
        long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) && !IsName(value);

    /// <summary>Tells whether the text is a finite number; NaN and infinity are not, as JSON cannot carry them.</summary>
    public static bool IsNumber(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && !IsName(value);

    /// <summary>Converts a text that <see cref="IsNumber"/> accepts.</summary>
    public static double ToDouble(string value) => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);

    // Digits with leading zeros, or more of them than 64 bits hold, are serial numbers and codes: a number would lose digits.
    private static bool IsName(string value)
    {
        var digits = value.AsSpan().Trim().TrimStart("+-");
        if (digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        return (digits.Length > 1 && digits[0] == '0') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
