using System.Buffers;
using System.Text.Json;

namespace Mlops.Testing.Assets;

/// <summary>Writes one message, bulk or a series of records, into a buffer that is used again and again; not before <see cref="Sent"/> is complete.</summary>
internal sealed class BulkMessage : IDisposable
{
    private const long LargestExactInteger = 1L << 53;

    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText MetadataHash = JsonEncodedText.Encode("mdHashVer");
    private static readonly JsonEncodedText Ts = JsonEncodedText.Encode("ts");
    private static readonly JsonEncodedText Records = JsonEncodedText.Encode("records");
    private static readonly JsonEncodedText RecordNumber = JsonEncodedText.Encode("rseq");
    private static readonly JsonEncodedText Vals = JsonEncodedText.Encode("vals");
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Val = JsonEncodedText.Encode("val");
    private static readonly JsonEncodedText Quality = JsonEncodedText.Encode("qc");

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    // What is written is well-formed by construction; checking each token again would cost a fifth of the time.
    public BulkMessage() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Gets or sets what completes when the message that the buffer held last is acknowledged.</summary>
    public Task Sent { get; set; } = Task.CompletedTask;

    public void Begin(long sequence, uint hashVersion, DateTime utc)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteNumber(Seq, sequence);
        _json.WriteNumber(MetadataHash, hashVersion);
        _json.WriteString(Ts, utc);
        _json.WriteStartArray(Vals);
    }

    /// <summary>Begins a message that carries several records.</summary>
    public void BeginSeries(long sequence, uint hashVersion)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteNumber(Seq, sequence);
        _json.WriteNumber(MetadataHash, hashVersion);
        _json.WriteStartArray(Records);
    }

    /// <summary>Begins a record of such a message.</summary>
    public void BeginRecord(long number, DateTime utc)
    {
        _json.WriteStartObject();
        _json.WriteNumber(RecordNumber, number);
        _json.WriteString(Ts, utc);
        _json.WriteStartArray(Vals);
    }

    /// <summary>Ends it.</summary>
    public void EndRecord()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    public void Write(DataPoint point, double value)
    {
        BeginValue(point);
        _json.WriteNumber(Val, value);
        EndValue();
    }

    /// <summary>Writes a whole number; as text where JavaScript readers would lose digits.</summary>
    public void Write(DataPoint point, long value)
    {
        BeginValue(point);
        if (value is >= -LargestExactInteger and <= LargestExactInteger)
            _json.WriteNumber(Val, value);
        else
            _json.WriteString(Val, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        EndValue();
    }

    public void Write(DataPoint point, bool value)
    {
        BeginValue(point);
        _json.WriteBoolean(Val, value);
        EndValue();
    }

    public void Write(DataPoint point, string value)
    {
        BeginValue(point);
        _json.WriteString(Val, value);
        EndValue();
    }

    public ReadOnlyMemory<byte> End()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private void BeginValue(DataPoint point)
    {
        _json.WriteStartObject();
        _json.WriteString(Id, point.Id);
    }

    private void EndValue()
    {
        _json.WriteNumber(Quality, 3);
        _json.WriteEndObject();
    }
}
