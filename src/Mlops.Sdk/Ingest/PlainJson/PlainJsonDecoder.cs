using System.Text.Json;
using Mlops.Data;

namespace Mlops.Ingest.PlainJson;

/// <summary>
/// Parses plain JSON into the open batch of a feed: an object is a record, a list of objects is several, a bare value is a record
/// with the field <c>value</c>. Nested objects become fields named by their dotted path, lists become text holding JSON. Called under the gate.
/// </summary>
internal sealed class PlainJsonDecoder(IngestInstruments instruments)
{
    private const byte Bad = 0;
    private const int MaxPathBytes = 1024;
    private static readonly byte[] BareValue = "value"u8.ToArray();
    private readonly byte[] _path = new byte[MaxPathBytes];
    private readonly Dictionary<string, FeedField> _newFields = new(StringComparer.Ordinal);

    /// <summary>Parses a message.</summary>
    /// <returns>How many rows were ended; -1 when the feed lacks <see cref="NewFields"/>, and nothing was taken.</returns>
    /// <exception cref="JsonException">The payload is not such JSON; the text says why.</exception>
    public int Decode(PlainJsonRoute route, ReadOnlySpan<byte> payload, long received, long arrival)
    {
        if (payload.StartsWith("\uFEFF"u8))
            payload = payload[3..];
        if (!System.Text.Unicode.Utf8.IsValid(payload))
            throw new JsonException("the payload is not UTF-8 text");

        // A look at the whole message first: a list is taken as a whole or not at all, and new fields are declared before the first row.
        FindNewFields(route, payload);
        if (_newFields.Count > 0 || route.Inlet is null)
            return _newFields.Count > 0 ? -1 : 0;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        var context = new Context(route, route.Inlet.Entry, payload, received, arrival);
        int rows = 0;
        if (reader.TokenType != JsonTokenType.StartArray)
            return ReadRecord(ref reader, ref context);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            rows += ReadRecord(ref reader, ref context);
        return rows;
    }

    /// <summary>Gets the fields that the message has and the feed lacks, after <see cref="Decode"/> has returned -1.</summary>
    public IReadOnlyList<FeedField> NewFields => [.. _newFields.Values];

    private int ReadRecord(ref Utf8JsonReader reader, ref Context context)
    {
        context.Begin();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, 0, ref context);
        }
        else
        {
            BareValue.CopyTo(_path, 0);
            ReadLeaf(ref reader, BareValue.Length, ref context);
        }

        instruments.Misfits += context.Misfits;
        return context.End() ? 1 : 0;
    }

    private void ReadObject(ref Utf8JsonReader reader, int pathLength, ref Context context)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int length = Extend(ref reader, pathLength);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadObject(ref reader, length, ref context);
            else
                ReadLeaf(ref reader, length, ref context);
        }
    }

    private void ReadLeaf(ref Utf8JsonReader reader, int pathLength, ref Context context)
    {
        ReadOnlySpan<byte> path = _path.AsSpan(0, pathLength);
        if (path.SequenceEqual(context.Route.TimestampPath))
        {
            context.ReadTime(ref reader);
            return;
        }

        if (!context.Route.TryFind(path, out int column) || column == PlainJsonRoute.Ignored || reader.TokenType == JsonTokenType.Null)
        {
            reader.Skip();
            return;
        }

        context.Known++;
        if (JsonColumn.TryWrite(ref reader, context.Json, context.Rows, column, context.Rows.Schema.Fields[column].Type))
            return;
        context.Misfits++;
        context.Rows.AddQuality(Bad);
    }

    // Reads all of the message, so what is broken anywhere is found here.
    private void FindNewFields(PlainJsonRoute route, ReadOnlySpan<byte> payload)
    {
        _newFields.Clear();
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            FindInRecord(route, ref reader);
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                FindInRecord(route, ref reader);
        }

        reader.Read();
    }

    private void FindInRecord(PlainJsonRoute route, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            FindInObject(route, ref reader, 0);
            return;
        }

        BareValue.CopyTo(_path, 0);
        FindInLeaf(route, ref reader, BareValue.Length);
    }

    private void FindInObject(PlainJsonRoute route, ref Utf8JsonReader reader, int pathLength)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int length = Extend(ref reader, pathLength);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                FindInObject(route, ref reader, length);
            else
                FindInLeaf(route, ref reader, length);
        }
    }

    private void FindInLeaf(PlainJsonRoute route, ref Utf8JsonReader reader, int pathLength)
    {
        ReadOnlySpan<byte> path = _path.AsSpan(0, pathLength);
        FieldType? type = reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number => FieldType.Float64,
            JsonTokenType.True or JsonTokenType.False => FieldType.Boolean,
            _ => FieldType.Text,
        };
        if (type is not null && !path.SequenceEqual(route.TimestampPath) && !route.TryFind(path, out _))
        {
            string name = route.FieldOf(path);
            _newFields.TryAdd(name, new FeedField(name, type.Value));
        }

        reader.Skip();
    }

    // Appends the property's name to the path and returns the new length.
    private int Extend(ref Utf8JsonReader reader, int length)
    {
        if (length + 1 + reader.ValueSpan.Length > MaxPathBytes)
            throw new JsonException($"the path of a value is longer than {MaxPathBytes} bytes");
        if (length > 0)
            _path[length++] = (byte)'.';
        return length + reader.CopyString(_path.AsSpan(length));
    }

    private ref struct Context(PlainJsonRoute route, RecordBatchBuilder rows, ReadOnlySpan<byte> json, long received, long arrival)
    {
        public readonly PlainJsonRoute Route = route;
        public readonly RecordBatchBuilder Rows = rows;
        public readonly ReadOnlySpan<byte> Json = json;
        private readonly long _received = received;
        private readonly long _arrival = arrival;
        public int Known;
        public int Misfits;

        public void Begin()
        {
            Known = 0;
            Misfits = 0;
            Rows.BeginRow(_received, _received, _arrival);
        }

        public void ReadTime(ref Utf8JsonReader reader)
        {
            if (TryReadTime(ref reader, out long time))
            {
                Rows.SetTimestamp(time);
                return;
            }

            reader.Skip();
            Misfits++;
        }

        public readonly bool End()
        {
            if (Known == 0)
                return false;
            Rows.EndRow();
            return true;
        }

        private static bool TryReadTime(ref Utf8JsonReader reader, out long time)
        {
            time = 0;
            return reader.TokenType switch
            {
                JsonTokenType.String => !reader.ValueIsEscaped && IsoTime.TryParse(reader.ValueSpan, out time),
                JsonTokenType.Number when reader.TryGetInt64(out long number) => EpochNumber.TryRead(number, out time),
                JsonTokenType.Number => reader.TryGetDouble(out double number) && EpochNumber.TryRead(number, out time),
                _ => false,
            };
        }
    }
}
