using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>
/// Writes JSON values straight into columns, allocating nothing. Tolerant as the field is: numbers may be quoted, Booleans may be
/// 0 and 1. What does not fit its column is told to the caller and leaves the slot null.
/// </summary>
internal static class JsonColumn
{
    private const int MaxStackText = 512;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Writes the value at which the reader stands, into the row that was begun; the reader ends on the value's last token.</summary>
    /// <param name="reader">Stands on the first token of the value.</param>
    /// <param name="json">What the reader reads.</param>
    /// <param name="rows">The open batch.</param>
    /// <param name="column">The column.</param>
    /// <param name="type">Its type.</param>
    /// <param name="kind">What the number or text means.</param>
    /// <returns>False when the value does not fit.</returns>
    public static bool TryWrite(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, RecordBatchBuilder rows, int column, FieldType type, ValueKind kind = ValueKind.Plain)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            rows.SetNull(column);
            return true;
        }

        if (type.IsList())
            return JsonList.TryWrite(ref reader, rows, column, type.Element(), kind);
        if (type == FieldType.Text)
            return TryWriteText(ref reader, json, rows, column);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
            return TryWriteScalar(ref reader, rows, column, type, kind);

        // Some connectors wrap a scalar into an array of one.
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.EndArray)
        {
            SkipRestOfArray(ref reader);
            return false;
        }

        bool fits = TryWriteScalar(ref reader, rows, column, type, kind);
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
            return fits;
        SkipRestOfArray(ref reader);
        rows.SetNull(column);
        return false;
    }

    private static bool TryWriteScalar(ref Utf8JsonReader reader, RecordBatchBuilder rows, int column, FieldType type, ValueKind kind)
    {
        switch (type)
        {
            case FieldType.Float64 when TryGetDouble(ref reader, out double number):
                rows.SetFloat64(column, number);
                return true;
            case FieldType.Int64 when TryGetInt64(ref reader, kind, out long integer):
                rows.SetInt64(column, integer);
                return true;
            case FieldType.UInt64 when TryGetUInt64(ref reader, out ulong unsigned):
                rows.SetUInt64(column, unsigned);
                return true;
            case FieldType.Boolean when TryGetBoolean(ref reader, out bool truth):
                rows.SetBoolean(column, truth);
                return true;
            case FieldType.Timestamp when reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IsoTime.TryParse(reader.ValueSpan, out long instant):
                rows.SetInstant(column, instant);
                return true;
            default:
                return false;
        }
    }

    public static bool TryGetDouble(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out value) && double.IsFinite(value),
            JsonTokenType.String => TryParseDouble(reader.ValueSpan, out value),
            JsonTokenType.True or JsonTokenType.False => TryGetBit(ref reader, out value),
            _ => false,
        };
    }

    // NaN and Infinity, which JSON can only write as text, are values; a number that is too large is none.
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out int read) && read == text.Length && (double.IsFinite(value) || text[^1] is (byte)'N' or (byte)'n' or (byte)'y' or (byte)'Y');

    private static bool TryGetBit(ref Utf8JsonReader reader, out double value)
    {
        value = reader.TokenType == JsonTokenType.True ? 1 : 0;
        return true;
    }

    public static bool TryGetInt64(ref Utf8JsonReader reader, ValueKind kind, out long value)
    {
        value = 0;
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            value = reader.TokenType == JsonTokenType.True ? 1 : 0;
            return true;
        }

        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return false;
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (kind is ValueKind.TimeOfDayMilliseconds or ValueKind.TimeOfDayNanoseconds && IsoTime.TryParseTimeOfDay(text, out value))
            return true;
        if (!Utf8Parser.TryParse(text, out value, out int read) || read != text.Length)
        {
            // 3.0 and 3e0 are integers, too; above 2^53 a double no longer says which.
            if (!Utf8Parser.TryParse(text, out double number, out read) || read != text.Length || !double.IsInteger(number) || Math.Abs(number) > 1L << 53)
                return false;
            value = (long)number;
        }

        if (kind is not (ValueKind.Milliseconds or ValueKind.TimeOfDayMilliseconds))
            return true;
        bool inRange = Math.Abs((double)value) < (double)long.MaxValue / NanosecondsPerMillisecond;
        value = unchecked(value * NanosecondsPerMillisecond);
        return inRange;
    }

    public static bool TryGetUInt64(ref Utf8JsonReader reader, out ulong value)
    {
        value = 0;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return false;
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (Utf8Parser.TryParse(text, out value, out int read) && read == text.Length)
            return true;
        if (!Utf8Parser.TryParse(text, out double number, out read) || read != text.Length || !double.IsInteger(number) || number is < 0 or > 1L << 53)
            return false;
        value = (ulong)number;
        return true;
    }

    public static bool TryGetBoolean(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        if (value || reader.TokenType == JsonTokenType.False)
            return true;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            return false;
        ReadOnlySpan<byte> text = reader.ValueSpan;
        value = text.SequenceEqual("1"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "true"u8);
        return value || text.SequenceEqual("0"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    private static bool TryWriteText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, RecordBatchBuilder rows, int column)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                rows.SetText(column, json[start..(int)reader.BytesConsumed]);
                return true;
            case JsonTokenType.String:
                return TryWriteUnescaped(ref reader, rows, column, isElement: false);
            default:
                rows.SetText(column, reader.ValueSpan);
                return true;
        }
    }

    /// <summary>Writes a text, or adds it to the list of texts that was begun.</summary>
    public static bool TryWriteUnescaped(ref Utf8JsonReader reader, RecordBatchBuilder rows, int column, bool isElement)
    {
        if (!reader.ValueIsEscaped)
        {
            Put(rows, column, reader.ValueSpan, isElement);
            return true;
        }

        int length = reader.ValueSpan.Length;
        byte[]? rented = length > MaxStackText ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented ?? stackalloc byte[MaxStackText];
        try
        {
            Put(rows, column, buffer[..reader.CopyString(buffer)], isElement);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON allows to write it, no text can hold it.
            return false;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void Put(RecordBatchBuilder rows, int column, ReadOnlySpan<byte> utf8, bool isElement)
    {
        if (isElement)
            rows.AddTextElement(column, utf8);
        else
            rows.SetText(column, utf8);
    }

    private static void SkipRestOfArray(ref Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            reader.Read();
        }
    }
}
