using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Ingest.PlainJson;

namespace Mlops.Drivers.Files;

/// <summary>Understands the values of files.</summary>
internal sealed class RowValues(FileDriverSettings settings)
{
    /// <summary>Returns the type that a column's first value asks for.</summary>
    public FieldType TypeOf(string column, object value) =>
        settings.Types.TryGetValue(column, out FieldType type) ? type : value switch
        {
            bool => FieldType.Boolean,
            DateTimeOffset => FieldType.Timestamp,
            long or ulong or double => FieldType.Float64,
            string text when TryNumber(text, out _) => FieldType.Float64,
            string text when bool.TryParse(text, out _) => FieldType.Boolean,
            _ => FieldType.Text,
        };

    /// <summary>Converts a value to what its column holds.</summary>
    /// <exception cref="FormatException">It does not fit.</exception>
    public object? Convert(string column, object value, FieldType type)
    {
        if (value is string { Length: 0 } && type != FieldType.Text)
            return null;
        string? text = value as string;
        object? converted = type switch
        {
            FieldType.Text => text ?? System.Convert.ToString(value, CultureInfo.InvariantCulture),
            FieldType.Boolean when value is bool => value,
            FieldType.Boolean when text is "0" or "1" => text == "1",
            FieldType.Boolean when bool.TryParse(text, out bool truth) => truth,
            FieldType.Float64 when value is double or long or ulong => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
            FieldType.Float64 when text is not null && TryNumber(text, out double number) => number,
            FieldType.Int64 when value is long => value,
            FieldType.Int64 when text is not null && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
            FieldType.UInt64 when value is ulong => value,
            FieldType.UInt64 when value is long and >= 0 => (ulong)(long)value,
            FieldType.UInt64 when text is not null && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong natural) => natural,
            FieldType.Timestamp when value is DateTimeOffset => value,
            FieldType.Timestamp when TryTime(value, out long time) => EpochTime.ToDateTimeOffset(time),
            _ => null,
        };
        return converted ?? throw new FormatException($"column '{column}': '{Shown(value)}' is not {(type == FieldType.Float64 ? "a number" : type.ToString())}");
    }

    /// <summary>Returns a record's time in nanoseconds since 1970.</summary>
    /// <exception cref="FormatException">It has none, or it is not written as the settings say.</exception>
    public long Time(in RecordRow row)
    {
        foreach ((string column, object? value) in row.Values)
        {
            if (column != settings.Timestamp || value is null)
                continue;
            return TryTime(value, out long time)
                ? time
                : throw new FormatException($"column '{column}': '{Shown(value)}' is not a time{(settings.TimestampFormat is null ? "" : $" of the format '{settings.TimestampFormat}'")}");
        }

        throw new FormatException($"there is no time in column '{settings.Timestamp}'");
    }

    private bool TryTime(object value, out long nanoseconds)
    {
        nanoseconds = 0;
        switch (value)
        {
            case DateTimeOffset time:
                nanoseconds = EpochTime.FromDateTimeOffset(time);
                return true;
            case long number:
                return EpochNumber.TryRead(number, out nanoseconds);
            case ulong number:
                return number <= long.MaxValue && EpochNumber.TryRead((long)number, out nanoseconds);
            case double number:
                return EpochNumber.TryRead(number, out nanoseconds);
            case string text when settings.TimestampFormat is { Length: > 0 } format:
                if (!DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset exact))
                    return false;
                nanoseconds = EpochTime.FromDateTimeOffset(exact);
                return true;
            case string text:
                return IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out nanoseconds)
                    || (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                        ? EpochNumber.TryRead(whole, out nanoseconds)
                        : TryNumber(text, out double real) && EpochNumber.TryRead(real, out nanoseconds));
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static string Shown(object value)
    {
        string text = System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length > 60 ? text[..60] + "…" : text;
    }
}
