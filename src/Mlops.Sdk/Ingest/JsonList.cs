using System.Buffers.Text;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>
/// Writes JSON arrays straight into list columns. A scalar is an array of one; texts with bars, <c>1|2|3</c>, are arrays of very old
/// OPC UA connectors; arrays of arrays are taken flat, row by row. An element that is missing is NaN among doubles and does not fit elsewhere.
/// </summary>
internal static class JsonList
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Writes the value at which the reader stands; the reader ends on its last token.</summary>
    /// <returns>False when an element does not fit; the slot is then null.</returns>
    public static bool TryWrite(ref Utf8JsonReader reader, RecordBatchBuilder rows, int column, FieldType element, ValueKind kind)
    {
        rows.BeginList(column);
        bool fits = reader.TokenType switch
        {
            JsonTokenType.StartArray => TryAddArray(ref reader, rows, column, element, kind),
            JsonTokenType.String when element is FieldType.Int64 or FieldType.UInt64 or FieldType.Float64 && IsBarred(reader.ValueSpan) =>
                TryAddBarred(reader.ValueSpan, rows, column, element, kind),
            _ => TryAdd(ref reader, rows, column, element, kind),
        };
        if (!fits)
            rows.SetNull(column);
        return fits;
    }

    private static bool IsBarred(ReadOnlySpan<byte> text) => text.IsEmpty || text.Contains((byte)'|');

    private static bool TryAddArray(ref Utf8JsonReader reader, RecordBatchBuilder rows, int column, FieldType element, ValueKind kind)
    {
        bool fits = true;
        for (int depth = 1; depth > 0;)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                depth++;
            else if (reader.TokenType == JsonTokenType.EndArray)
                depth--;
            else if (fits)
                fits = TryAdd(ref reader, rows, column, element, kind);
            else
                reader.Skip();
        }

        return fits;
    }

    private static bool TryAdd(ref Utf8JsonReader reader, RecordBatchBuilder rows, int column, FieldType element, ValueKind kind)
    {
        switch (element)
        {
            case FieldType.Float64 when reader.TokenType == JsonTokenType.Null:
                rows.AddElement(column, double.NaN);
                return true;
            case FieldType.Float64 when JsonColumn.TryGetDouble(ref reader, out double number):
                rows.AddElement(column, number);
                return true;
            case FieldType.Int64 when JsonColumn.TryGetInt64(ref reader, kind, out long integer):
                rows.AddElement(column, integer);
                return true;
            case FieldType.UInt64 when JsonColumn.TryGetUInt64(ref reader, out ulong unsigned):
                rows.AddElement(column, unsigned);
                return true;
            case FieldType.Boolean when JsonColumn.TryGetBoolean(ref reader, out bool truth):
                rows.AddElement(column, truth);
                return true;
            case FieldType.Timestamp when reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IsoTime.TryParse(reader.ValueSpan, out long instant):
                rows.AddElement(column, instant);
                return true;
            case FieldType.Text when reader.TokenType == JsonTokenType.String:
                return JsonColumn.TryWriteUnescaped(ref reader, rows, column, isElement: true);
            case FieldType.Text when reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                rows.AddTextElement(column, reader.ValueSpan);
                return true;
            default:
                reader.Skip();
                return false;
        }
    }

    private static bool TryAddBarred(ReadOnlySpan<byte> text, RecordBatchBuilder rows, int column, FieldType element, ValueKind kind)
    {
        while (!text.IsEmpty)
        {
            int bar = text.IndexOf((byte)'|');
            ReadOnlySpan<byte> part = (bar < 0 ? text : text[..bar]).Trim((byte)' ');
            text = bar < 0 ? default : text[(bar + 1)..];
            switch (element)
            {
                case FieldType.Float64 when JsonColumn.TryParseDouble(part, out double number):
                    rows.AddElement(column, number);
                    break;
                case FieldType.Int64 when Utf8Parser.TryParse(part, out long integer, out int read) && read == part.Length:
                    rows.AddElement(column, kind is ValueKind.Milliseconds or ValueKind.TimeOfDayMilliseconds ? integer * NanosecondsPerMillisecond : integer);
                    break;
                case FieldType.UInt64 when Utf8Parser.TryParse(part, out ulong unsigned, out int read) && read == part.Length:
                    rows.AddElement(column, unsigned);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
