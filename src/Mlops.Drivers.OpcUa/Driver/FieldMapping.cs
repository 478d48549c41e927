using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>How values of OPC UA become values of records, and back.</summary>
internal static class FieldMapping
{
    /// <summary>Returns the type of a column for values of a type.</summary>
    public static FieldType TypeOf(BuiltInType type, bool isArray) => (type, isArray) switch
    {
        (BuiltInType.Boolean, false) => FieldType.Boolean,
        (BuiltInType.Boolean, true) => FieldType.BooleanList,
        (BuiltInType.UInt64, false) => FieldType.UInt64,
        (BuiltInType.UInt64, true) => FieldType.UInt64List,
        ( >= BuiltInType.SByte and <= BuiltInType.Int64 or BuiltInType.StatusCode, false) => FieldType.Int64,
        ( >= BuiltInType.SByte and <= BuiltInType.Int64 or BuiltInType.StatusCode, true) => FieldType.Int64List,
        (BuiltInType.Float or BuiltInType.Double, false) => FieldType.Float64,
        (BuiltInType.Float or BuiltInType.Double, true) => FieldType.Float64List,
        (BuiltInType.DateTime, false) => FieldType.Timestamp,
        (BuiltInType.DateTime, true) => FieldType.TimestampList,
        (_, true) => FieldType.TextList,
        _ => FieldType.Text,
    };

    /// <summary>Sets a value of the row begun last; one that the column cannot hold stays empty.</summary>
    /// <returns>Whether the column holds it, or there is no value.</returns>
    public static bool Set(RecordBatchBuilder rows, int column, FieldType type, in Variant value)
    {
        if (value.IsNull)
            return true;
        if (type >= FieldType.BooleanList)
            return SetList(rows, column, type, value);
        if (value.IsArray)
            return false;
        switch (type)
        {
            case FieldType.Float64 when value.TryGetDouble(out double number):
                rows.SetFloat64(column, number);
                return true;
            case FieldType.Boolean when value.Type == BuiltInType.Boolean:
                rows.SetBoolean(column, value.AsInt64() != 0);
                return true;
            case FieldType.Int64 when value.Type is >= BuiltInType.Boolean and <= BuiltInType.Int64 or BuiltInType.StatusCode:
                rows.SetInt64(column, value.AsInt64());
                return true;
            case FieldType.UInt64 when value.Type == BuiltInType.UInt64 || (value.Type is >= BuiltInType.Boolean and <= BuiltInType.Int64 && value.AsInt64() >= 0):
                rows.SetUInt64(column, unchecked((ulong)value.AsInt64()));
                return true;
            case FieldType.Timestamp when value.Type == BuiltInType.DateTime:
                rows.SetInstant(column, new UaTime(value.AsInt64()).ToNanoseconds());
                return true;
            case FieldType.Text when Text(value.ToObject()) is { } text:
                rows.SetText(column, Encoding.UTF8.GetBytes(text));
                return true;
            case FieldType.Text:
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns a value as hosts and REST know it: bool, long, ulong, double, text or time; lists of them for arrays.</summary>
    public static object? FromVariant(Variant value) => value.IsArray
        ? value.Elements?.Cast<object?>().Select(e => e is Variant variant ? FromVariant(variant) : Plain(e)).ToArray()
        : Plain(value.ToObject());

    /// <summary>Makes a value of a server's type from one that is to be written.</summary>
    /// <exception cref="FormatException">It does not fit.</exception>
    public static Variant ToVariant(object? value, BuiltInType type)
    {
        try
        {
            return Convert(value, type);
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or FormatException)
        {
            throw new FormatException($"'{value}' is no {type}.", error);
        }
    }

    private static Variant Convert(object? value, BuiltInType type)
    {
        IFormatProvider plain = CultureInfo.InvariantCulture;
        return type switch
        {
            _ when value is null => default,
            BuiltInType.Boolean => Variant.From(System.Convert.ToBoolean(value, plain)),
            BuiltInType.SByte => Variant.From(System.Convert.ToSByte(value, plain), type),
            BuiltInType.Byte => Variant.From(System.Convert.ToByte(value, plain), type),
            BuiltInType.Int16 => Variant.From(System.Convert.ToInt16(value, plain), type),
            BuiltInType.UInt16 => Variant.From(System.Convert.ToUInt16(value, plain), type),
            BuiltInType.Int32 => Variant.From(System.Convert.ToInt32(value, plain), type),
            BuiltInType.UInt32 => Variant.From(System.Convert.ToUInt32(value, plain), type),
            BuiltInType.Int64 => Variant.From(System.Convert.ToInt64(value, plain)),
            BuiltInType.UInt64 => Variant.From(System.Convert.ToUInt64(value, plain)),
            BuiltInType.Float => Variant.From(System.Convert.ToSingle(value, plain)),
            BuiltInType.Double => Variant.From(System.Convert.ToDouble(value, plain)),
            BuiltInType.DateTime => Variant.From(UaTime.From(value is DateTimeOffset time ? time : DateTimeOffset.Parse((string)value, plain, DateTimeStyles.AssumeUniversal))),
            BuiltInType.LocalizedText => Variant.FromObject(type, new LocalizedText(System.Convert.ToString(value, plain))),
            BuiltInType.QualifiedName => Variant.FromObject(type, QualifiedName.Parse(System.Convert.ToString(value, plain)!)),
            BuiltInType.NodeId => Variant.FromObject(type, NodeId.Parse(System.Convert.ToString(value, plain)!)),
            BuiltInType.Guid => Variant.FromObject(type, Guid.Parse(System.Convert.ToString(value, plain)!)),
            BuiltInType.ByteString => Variant.FromBytes(System.Convert.FromBase64String(System.Convert.ToString(value, plain)!)),
            BuiltInType.String or BuiltInType.XmlElement => Variant.From(System.Convert.ToString(value, plain), type),
            _ => throw new FormatException($"Values of the type {type} cannot be written."),
        };
    }

    private static bool SetList(RecordBatchBuilder rows, int column, FieldType type, in Variant value)
    {
        if (value.Elements is not { } elements)
            return value.IsArray;
        switch (type)
        {
            case FieldType.Float64List when elements is double[] doubles:
                rows.SetList<double>(column, doubles);
                return true;
            case FieldType.BooleanList when elements is bool[] booleans:
                rows.SetList<bool>(column, booleans);
                return true;
            case FieldType.Int64List when elements.GetType() == typeof(long[]):
                rows.SetList<long>(column, (long[])elements);
                return true;
            case FieldType.UInt64List when elements.GetType() == typeof(ulong[]):
                rows.SetList<ulong>(column, (ulong[])elements);
                return true;
            default:
                return AddElements(rows, column, type, elements);
        }
    }

    private static bool AddElements(RecordBatchBuilder rows, int column, FieldType type, Array elements)
    {
        rows.BeginList(column);
        foreach (object? element in elements)
        {
            object? one = element is Variant variant ? variant.ToObject() : element;
            switch (type)
            {
                case FieldType.Float64List when one is null:
                    rows.AddElement(column, double.NaN);
                    break;
                case FieldType.Float64List when one is IConvertible and not string:
                    rows.AddElement(column, System.Convert.ToDouble(one, CultureInfo.InvariantCulture));
                    break;
                case FieldType.Int64List when one is StatusCode status:
                    rows.AddElement<long>(column, status.Code);
                    break;
                case FieldType.Int64List when one is IConvertible and not (string or ulong):
                    rows.AddElement(column, System.Convert.ToInt64(one, CultureInfo.InvariantCulture));
                    break;
                case FieldType.UInt64List when one is IConvertible and not string:
                    rows.AddElement(column, System.Convert.ToUInt64(one, CultureInfo.InvariantCulture));
                    break;
                case FieldType.BooleanList when one is bool flag:
                    rows.AddElement(column, flag);
                    break;
                case FieldType.TimestampList when one is UaTime time:
                    rows.AddElement(column, time.ToNanoseconds());
                    break;
                case FieldType.TextList:
                    rows.AddTextElement(column, Encoding.UTF8.GetBytes(Text(one) ?? ""));
                    break;
                default:
                    rows.SetNull(column);
                    return false;
            }
        }

        return true;
    }

    private static object? Plain(object? value) => value switch
    {
        null or bool or string or ulong or double => value,
        sbyte or byte or short or ushort or int or uint or long => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float single => (double)single,
        UaTime time => time.ToDateTimeOffset(),
        _ => Text(value),
    };

    // A structure that nobody has described stays as it came, in base 64.
    private static string? Text(object? value) => value switch
    {
        null => null,
        byte[] bytes => System.Convert.ToBase64String(bytes),
        Array elements => $"[{string.Join(", ", elements.Cast<object?>().Select(e => Text(e is Variant variant ? variant.ToObject() : e) ?? "null"))}]",
        ExtensionObject structure => System.Convert.ToBase64String(structure.Body.Span),
        bool or string => System.Convert.ToString(value, CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
