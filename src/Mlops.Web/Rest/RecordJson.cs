using System.Buffers;
using System.Text.Json;
using Mlops.Data;
using Mlops.Store.Transfer;

namespace Mlops.Web.Rest;

/// <summary>Writes records with their place, as <see cref="Client.StoredRecord"/> has it, without an object for each value.</summary>
internal static class RecordJson
{
    public static void Write(Utf8JsonWriter json, RecordBatch batch, int row)
    {
        json.WriteStartObject();
        json.WriteStartObject("source");
        json.WriteString("feed", batch.Schema.Feed);
        if (batch.Sequences[row] is var sequence and not RecordBatch.NoSequence)
            json.WriteNumber("seq", sequence);
        json.WritePropertyName("ts");
        WriteInstant(json, batch.Timestamps[row]);
        json.WriteNumber("row", batch.Positions[row]);
        json.WriteEndObject();
        json.WriteNumber("quality", batch.Qualities[row]);
        json.WriteStartObject("values");
        for (int c = 0; c < batch.Schema.Fields.Count; c++)
        {
            json.WritePropertyName(batch.Schema.Fields[c].Name);
            WriteValue(json, batch.Column(c), row);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteValue(Utf8JsonWriter json, Column column, int row)
    {
        if (!column.IsValid(row))
        {
            json.WriteNullValue();
            return;
        }

        switch (column.Type)
        {
            case FieldType.Boolean:
                json.WriteBooleanValue(column.Values<byte>()[row] != 0);
                break;
            case FieldType.Text:
                json.WriteStringValue(column.Utf8(row));
                break;
            case FieldType.Timestamp:
                WriteInstant(json, column.Values<long>()[row]);
                break;
            case FieldType.Float64:
                WriteNumber(json, column.Values<double>()[row]);
                break;
            case FieldType.Int64:
                json.WriteNumberValue(column.Values<long>()[row]);
                break;
            case FieldType.UInt64:
                json.WriteNumberValue(column.Values<ulong>()[row]);
                break;
            default:
                JsonValues.ToJson(column.GetValue(row))!.WriteTo(json);
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(double.IsNaN(number) ? "NaN"u8 : number > 0 ? "Infinity"u8 : "-Infinity"u8);
    }

    private static void WriteInstant(Utf8JsonWriter json, long nanoseconds)
    {
        var text = new ArrayBufferWriter<byte>(32);
        InstantText.Write(text, nanoseconds);
        json.WriteStringValue(text.WrittenSpan);
    }
}
