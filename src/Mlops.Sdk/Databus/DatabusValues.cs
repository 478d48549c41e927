using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Reads the list <c>vals</c>, and the small tokens that messages have around it, into the row that was begun.</summary>
internal static class DatabusValues
{
    private const byte Bad = 0;

    public static void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, DatabusMap map, RecordBatchBuilder rows, ref DatabusRow row)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("'vals' is no list");

        int next = 0;
        ReadOnlySpan<byte> lastText = default;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadValue(ref reader, json, map, rows, ref row, ref next, ref lastText);
            }
            else
            {
                reader.Skip();
                row.Misfits++;
            }
        }
    }

    /// <summary>Reads a message of the old type <c>single</c>, which is one value.</summary>
    public static void ReadSingle(ReadOnlySpan<byte> json, DatabusMap map, RecordBatchBuilder rows, int definition, ref DatabusRow row)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        int next = 0;
        ReadOnlySpan<byte> lastText = default;
        ReadValue(ref reader, json, map, rows, ref row, ref next, ref lastText, definition);
    }

    private static void ReadValue(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, DatabusMap map, RecordBatchBuilder rows, ref DatabusRow row, ref int next, ref ReadOnlySpan<byte> lastText, int definition = -1)
    {
        int valueStart = -1;
        int valueEnd = 0;
        int quality = -1;
        int extended = -1;
        bool fits = true;
        bool hasTime = false;
        long time = 0;
        if (definition >= 0)
            Begin(map, rows, row, definition);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                int found = FindId(ref reader, map, ref next);
                if (found < 0 || definition >= 0)
                    continue;
                definition = found;
                Begin(map, rows, row, definition);
            }
            else if (reader.ValueTextEquals("val"u8))
            {
                reader.Read();
                if (definition >= 0)
                {
                    fits = TryWrite(ref reader, json, rows, map[definition]);
                    continue;
                }

                // The id comes later, or means nothing to us.
                valueStart = (int)reader.TokenStartIndex;
                reader.Skip();
                valueEnd = (int)reader.BytesConsumed;
            }
            else if (reader.ValueTextEquals("ts"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && lastText.Length > 0 && reader.ValueSpan.SequenceEqual(lastText))
                {
                    (time, hasTime) = (row.Last, true);
                }
                else if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IsoTime.TryParse(reader.ValueSpan, out time))
                {
                    lastText = reader.ValueSpan;
                    hasTime = true;
                    row.Last = time;
                    row.Newest = row.HasTimestamp ? Math.Max(row.Newest, time) : time;
                    row.HasTimestamp = true;
                }
                else
                {
                    reader.Skip();
                    row.Misfits++;
                }
            }
            else if (reader.ValueTextEquals("qc"u8))
            {
                reader.Read();
                quality = ReadCode(ref reader, 3, ref row);
            }
            else if (reader.ValueTextEquals("qx"u8))
            {
                reader.Read();
                extended = ReadCode(ref reader, ushort.MaxValue, ref row);
            }
            else
            {
                reader.Skip();
            }
        }

        if (definition < 0 || map[definition].Column < 0)
        {
            row.Unknown++;
            return;
        }

        row.Known++;
        if (valueStart >= 0)
        {
            ReadOnlySpan<byte> late = json[valueStart..valueEnd];
            var lateReader = new Utf8JsonReader(late);
            lateReader.Read();
            fits = TryWrite(ref lateReader, late, rows, map[definition]);
        }

        if (!fits)
            row.Misfits++;
        AddQuality(map, rows, ref row, definition, fits ? quality : Bad, extended);
        if (!map.IsLong)
            return;
        rows.SetTimestamp(hasTime ? time : LongFeed.Unset);
        rows.EndRow();
    }

    // In a long feed each value is a row of its own.
    private static void Begin(DatabusMap map, RecordBatchBuilder rows, in DatabusRow row, int definition)
    {
        if (!map.IsLong || map[definition].Column < 0)
            return;
        rows.BeginRow(LongFeed.Unset, row.Received, row.Arrival);
        rows.SetText(map.PointColumn, map.NameOf(definition));
    }

    private static bool TryWrite(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, RecordBatchBuilder rows, DatabusBinding binding)
    {
        if (binding.Column >= 0)
            return JsonColumn.TryWrite(ref reader, json, rows, binding.Column, binding.Type, binding.Kind);
        reader.Skip();
        return true;
    }

    private static void AddQuality(DatabusMap map, RecordBatchBuilder rows, ref DatabusRow row, int definition, int quality, int extended)
    {
        // Bits 7 and 6 of the extended code are the same four qualities.
        if (quality < 0 && extended >= 0)
            quality = (extended >> 6) & 3;
        if (quality < 0)
            return;
        rows.AddQuality((byte)quality);
        if (!ValueQualities.IsWorthKeeping(quality, extended))
            return;
        if (map.QualitiesColumn >= 0)
        {
            if (!row.HasQualities || map.IsLong)
                rows.BeginList(map.QualitiesColumn);
            ValueQualities.Add(rows, map.QualitiesColumn, map.NameOf(definition), quality, extended);
        }

        row.HasQualities = true;
    }

    private static int FindId(ref Utf8JsonReader reader, DatabusMap map, ref int next)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
            return map.Find(Encoding.UTF8.GetBytes(reader.GetString()!), ref next);
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            return map.Find(reader.ValueSpan, ref next);
        reader.Skip();
        return -1;
    }

    private static int ReadCode(ref Utf8JsonReader reader, int max, ref DatabusRow row)
    {
        if (TryReadInteger(ref reader, out long code) && code >= 0 && code <= max)
            return (int)code;
        row.Misfits++;
        return -1;
    }

    public static void ReadTime(ref Utf8JsonReader reader, ref long timestamp, ref bool hasTimestamp, ref int misfits)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IsoTime.TryParse(reader.ValueSpan, out long time))
        {
            timestamp = time;
            hasTimestamp = true;
        }
        else
        {
            reader.Skip();
            misfits++;
        }
    }

    public static bool TryReadInteger(ref Utf8JsonReader reader, out long value)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
            return Utf8Parser.TryParse(reader.ValueSpan, out value, out int read) && read == reader.ValueSpan.Length;
        value = 0;
        reader.Skip();
        return false;
    }
}
