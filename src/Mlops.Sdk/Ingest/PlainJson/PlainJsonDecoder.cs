using System.Buffers.Text;
using System.Text.Json;
using Mlops.Data;
using Mlops.Ingest.Mapping;

namespace Mlops.Ingest.PlainJson;

/// <summary>
/// Parses plain JSON into the open batch of a feed: an object is a record, a list of objects is several, a bare value is a record
/// with the field <c>value</c>. Nested objects become fields named by their dotted path, lists of numbers, texts or Booleans become list fields,
/// other lists text holding JSON. Called under the gate.
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
        FindRecords(route, ref reader);
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

    // Each element under the list's path and its number.
    private void ReadElements(ref Utf8JsonReader reader, int pathLength, ref Context context)
    {
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            int length = Extend(i, pathLength);
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadObject(ref reader, length, ref context);
            else
                ReadLeaf(ref reader, length, ref context);
        }
    }

    private void ReadLeaf(ref Utf8JsonReader reader, int pathLength, ref Context context)
    {
        ReadOnlySpan<byte> path = _path.AsSpan(0, pathLength);
        if (IsTime(context.Route, path))
        {
            context.ReadTime(ref reader);
            return;
        }

        if (reader.TokenType == JsonTokenType.StartArray && context.Route.LooksInto(path))
        {
            ReadElements(ref reader, pathLength, ref context);
            return;
        }

        if (!context.Route.TryFind(path, out int column) || column == PlainJsonRoute.Ignored || reader.TokenType == JsonTokenType.Null)
        {
            reader.Skip();
            return;
        }

        context.Known++;
        if (context.TryWrite(ref reader, column))
            return;
        context.Misfits++;
        context.Rows.AddQuality(Bad);
    }

    // Reads all of the message, so what is broken anywhere is found here.
    private void FindNewFields(PlainJsonRoute route, ReadOnlySpan<byte> payload)
    {
        _newFields.Clear();
        foreach ((FeedField field, _) in route.TopicFields)
        {
            if (route.Inlet is null || route.Inlet.Schema.IndexOf(field.Name) < 0)
                _newFields.Add(field.Name, field);
        }

        var reader = new Utf8JsonReader(payload);
        reader.Read();
        FindRecords(route, ref reader);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            FindInRecord(route, ref reader);
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                FindInRecord(route, ref reader);
        }

        while (reader.Read())
        {
            // What stands behind the records must be JSON, too.
        }
    }

    private static void FindRecords(PlainJsonRoute route, ref Utf8JsonReader reader)
    {
        foreach (byte[] name in route.Records)
        {
            bool found = false;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (!found && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    found = reader.ValueTextEquals(name);
                    reader.Read();
                    if (!found)
                        reader.Skip();
                }
            }

            if (!found)
                throw new JsonException($"the message has no '{System.Text.Encoding.UTF8.GetString(name)}' on the way to its records");
        }
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

    private void FindInElements(PlainJsonRoute route, ref Utf8JsonReader reader, int pathLength)
    {
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            int length = Extend(i, pathLength);
            if (reader.TokenType == JsonTokenType.StartObject)
                FindInObject(route, ref reader, length);
            else
                FindInLeaf(route, ref reader, length);
        }
    }

    private void FindInLeaf(PlainJsonRoute route, ref Utf8JsonReader reader, int pathLength)
    {
        ReadOnlySpan<byte> path = _path.AsSpan(0, pathLength);
        if (reader.TokenType == JsonTokenType.StartArray && route.LooksInto(path))
        {
            FindInElements(route, ref reader, pathLength);
            return;
        }

        bool isNew = reader.TokenType != JsonTokenType.Null && !IsTime(route, path) && !route.TryFind(path, out _);
        if (isNew && TypeOf(reader) is { } type)
        {
            FeedField field = route.FieldOf(path, type);
            _newFields.TryAdd(field.Name, field);
        }

        reader.Skip();
    }

    private static bool IsTime(PlainJsonRoute route, ReadOnlySpan<byte> path) =>
        route.TimestampFormat != TimestampFormat.Arrival && path.SequenceEqual(route.TimestampPath);

    // By value: the caller's reader stays where it is. Nothing follows from an empty list.
    private static FieldType? TypeOf(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return ScalarTypeOf(reader.TokenType);
        FieldType? element = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Null)
                return FieldType.Text;
            FieldType type = ScalarTypeOf(reader.TokenType);
            if (element is not null && element != type)
                return FieldType.Text;
            element = type;
        }

        return element?.ListOf();
    }

    private static FieldType ScalarTypeOf(JsonTokenType token) => token switch
    {
        JsonTokenType.Number => FieldType.Float64,
        JsonTokenType.True or JsonTokenType.False => FieldType.Boolean,
        _ => FieldType.Text,
    };

    // Appends the property's name to the path and returns the new length.
    private int Extend(ref Utf8JsonReader reader, int length)
    {
        if (length + 1 + reader.ValueSpan.Length > MaxPathBytes)
            throw new JsonException($"the path of a value is longer than {MaxPathBytes} bytes");
        if (length > 0)
            _path[length++] = (byte)'.';
        return length + reader.CopyString(_path.AsSpan(length));
    }

    private int Extend(int index, int length)
    {
        const int MaxDigits = 11;
        if (length + 1 + MaxDigits > MaxPathBytes)
            throw new JsonException($"the path of a value is longer than {MaxPathBytes} bytes");
        _path[length++] = (byte)'.';
        Utf8Formatter.TryFormat(index, _path.AsSpan(length), out int written);
        return length + written;
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
            Route.FillTopicFields(Rows);
        }

        public readonly bool TryWrite(ref Utf8JsonReader reader, int column)
        {
            FieldType type = Rows.Schema.Fields[column].Type;
            if (type != FieldType.Timestamp || reader.TokenType != JsonTokenType.Number)
                return JsonColumn.TryWrite(ref reader, Json, Rows, column, type);
            if (!TryReadTime(ref reader, TimestampFormat.Auto, out long instant))
                return false;
            Rows.SetInstant(column, instant);
            return true;
        }

        public void ReadTime(ref Utf8JsonReader reader)
        {
            if (TryReadTime(ref reader, Route.TimestampFormat, out long time))
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

        private static bool TryReadTime(ref Utf8JsonReader reader, TimestampFormat format, out long time)
        {
            time = 0;
            bool isText = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped;
            if (isText && format is TimestampFormat.Auto or TimestampFormat.Iso8601 && IsoTime.TryParse(reader.ValueSpan, out time))
                return true;
            if (format == TimestampFormat.Iso8601 || (!isText && reader.TokenType != JsonTokenType.Number))
                return false;
            ReadOnlySpan<byte> text = reader.ValueSpan;
            if (Utf8Parser.TryParse(text, out long integer, out int read) && read == text.Length)
                return format == TimestampFormat.Auto ? EpochNumber.TryRead(integer, out time) : EpochNumber.TryRead(integer, format, out time);
            return Utf8Parser.TryParse(text, out double number, out read) && read == text.Length
                && (format == TimestampFormat.Auto ? EpochNumber.TryRead(number, out time) : EpochNumber.TryRead(number, format, out time));
        }
    }
}
