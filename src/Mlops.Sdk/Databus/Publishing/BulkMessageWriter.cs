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
        switch (column.Type)
        {
            case FieldType.Boolean: _json.WriteBoolean("val", column.Values<byte>()[row] != 0); break;
            case FieldType.Text: _json.WriteString("val", column.Utf8(row)); break;
            case FieldType.Timestamp: WriteTime("val", column.Values<long>()[row]); break;

            // 64-bit integers travel as text: readers in JavaScript would round them.
            case FieldType.Int64: WriteText("val", column.Values<long>()[row]); break;
            case FieldType.UInt64: WriteText("val", column.Values<ulong>()[row]); break;
            default:
                double value = column.Values<double>()[row];
                if (double.IsFinite(value))
                    _json.WriteNumber("val", value);
                else
                    _json.WriteString("val", value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
        }

        _json.WriteNumber("qc", quality);
        _json.WriteEndObject();
    }

    private void WriteText<T>(ReadOnlySpan<char> name, T value)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        _json.WriteString(name, text[..written]);
    }

    private void WriteTime(ReadOnlySpan<char> name, long nanoseconds)
    {
        // Seven fraction digits: what the format allows.
        Span<byte> text = stackalloc byte[32];
        EpochTime.ToDateTimeOffset(nanoseconds).UtcDateTime.TryFormat(text, out int written, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _json.WriteString(name, text[..written]);
    }
}
