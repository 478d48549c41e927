using System.Buffers;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Databus.Publishing;

/// <summary>Writes answers as bulk messages with the <c>source</c> object that names the answered record. One instance a publisher; buffers are reused.</summary>
internal sealed class BulkMessageWriter : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private ArrayBufferWriter<byte> _buffer = new(512);

    public BulkMessageWriter() => _json = new Utf8JsonWriter(_buffer);

    /// <summary>Lets a message that is still on its way keep its buffer; the next one gets a new buffer.</summary>
    public void Detach()
    {
        _buffer = new ArrayBufferWriter<byte>(512);
        _json.Reset(_buffer);
    }

    /// <summary>Writes the message for one row of a feed of predictions.</summary>
    /// <returns>The payload, valid until the next call unless <see cref="Detach"/> comes first.</returns>
    public ReadOnlyMemory<byte> Write(long sequence, uint hashVersion, long time, in AnsweredRecord source, RecordBatch answers, int row, int fields)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteNumber("seq", sequence);
        _json.WriteNumber("mdHashVer", hashVersion);
        WriteTime("ts", time);
        _json.WriteStartObject("source");
        _json.WriteString("feed", source.Feed);
        if (source.Sequence == RecordBatch.NoSequence)
            _json.WriteNull("seq");
        else
            _json.WriteNumber("seq", source.Sequence);
        WriteTime("ts", source.Time);
        _json.WriteNumber("row", source.Position);
        _json.WriteEndObject();
        _json.WriteStartArray("vals");
        for (int i = 0; i < fields; i++)
        {
            Column column = answers.Column(i);
            if (column.IsValid(row))
                WriteValue(column, row, source.Quality);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void WriteValue(Column column, int row, byte quality)
    {
        _json.WriteStartObject();
        _json.WriteString("id", column.Field.Name);
        _json.WritePropertyName("val");
        switch (column.Type)
        {
            case FieldType.Boolean: _json.WriteBooleanValue(column.Values<byte>()[row] != 0); break;
            case FieldType.Text: _json.WriteStringValue(column.Utf8(row)); break;
            case FieldType.Timestamp: WriteTime(column.Values<long>()[row]); break;

            // 64-bit integers travel as text: readers in JavaScript would round them.
            case FieldType.Int64: WriteText(column.Values<long>()[row]); break;
            case FieldType.UInt64: WriteText(column.Values<ulong>()[row]); break;
            case FieldType.Float64: WriteNumber(column.Values<double>()[row]); break;
            default: WriteList(column, row); break;
        }

        _json.WriteNumber("qc", quality);
        _json.WriteEndObject();
    }

    private void WriteList(Column column, int row)
    {
        _json.WriteStartArray();
        switch (column.Type)
        {
            case FieldType.BooleanList:
                foreach (bool truth in column.List<bool>(row))
                    _json.WriteBooleanValue(truth);
                break;
            case FieldType.Int64List:
                foreach (long integer in column.List<long>(row))
                    WriteText(integer);
                break;
            case FieldType.UInt64List:
                foreach (ulong unsigned in column.List<ulong>(row))
                    WriteText(unsigned);
                break;
            case FieldType.Float64List:
                foreach (double number in column.List<double>(row))
                    WriteNumber(number);
                break;
            case FieldType.TimestampList:
                foreach (long instant in column.List<long>(row))
                    WriteTime(instant);
                break;
            default:
                for (TextElements texts = column.Texts(row); texts.MoveNext();)
                    _json.WriteStringValue(texts.Current);
                break;
        }

        _json.WriteEndArray();
    }

    private void WriteNumber(double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            WriteText(value);
    }

    private void WriteText<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        _json.WriteStringValue(text[..written]);
    }

    private void WriteTime(ReadOnlySpan<char> name, long nanoseconds)
    {
        _json.WritePropertyName(name);
        WriteTime(nanoseconds);
    }

    private void WriteTime(long nanoseconds)
    {
        // Seven fraction digits: what the format allows.
        Span<byte> text = stackalloc byte[32];
        EpochTime.ToDateTimeOffset(nanoseconds).UtcDateTime.TryFormat(text, out int written, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _json.WriteStringValue(text[..written]);
    }
}
