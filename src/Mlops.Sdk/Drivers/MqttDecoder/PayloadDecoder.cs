using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Ingest.PlainJson;

namespace Mlops.Drivers.MqttDecoder;

/// <summary>Decodes payloads by their layout into rows. For one thread at a time.</summary>
internal sealed class PayloadDecoder
{
    private const int MaxRecords = 1 << 20;
    private const long NanosecondsPerTick = 100;
    private readonly MqttDecoderSettings _settings;
    private readonly (PayloadField Field, int Column)[] _fields;
    private readonly (int Level, int Column)[] _topic;
    private readonly Regex? _regex;
    private readonly string _delimiter;
    private readonly long _interval;
    private byte[] _unwrapped = [];
    private long _recordSequence = RecordBatch.NoSequence;

    /// <param name="settings">The layout, validated.</param>
    /// <param name="schema">The feed's schema, with all of <see cref="Columns"/>.</param>
    public PayloadDecoder(MqttDecoderSettings settings, FeedSchema schema)
    {
        _settings = settings;
        _fields = [.. settings.Fields.Select(f => (f, IsColumn(settings, f) ? schema.IndexOf(f.Columns.First()) : -1))];
        _topic = [.. settings.TopicColumns.Select(c => (c.Value, schema.IndexOf(c.Key)))];
        _regex = settings.Format == PayloadFormat.Regex ? new Regex(settings.Regex!, RegexOptions.CultureInvariant | RegexOptions.Compiled, settings.MatchTimeout) : null;
        _delimiter = settings.Delimiter == "tab" ? "\t" : settings.Delimiter;
        _interval = settings.RecordInterval.Ticks * NanosecondsPerTick;
        Schema = schema;
    }

    public FeedSchema Schema { get; }

    /// <summary>Returns the columns of a layout: those of a field stand one behind the other.</summary>
    public static IReadOnlyList<FeedField> Columns(MqttDecoderSettings settings) =>
    [
        .. settings.TopicColumns.Keys.Select(name => new FeedField(name, FieldType.Text)),
        .. settings.Fields.Where(f => IsColumn(settings, f)).SelectMany(f => f.Columns.Select(name => new FeedField(name, f.Stored) { Unit = f.Unit, SourceType = f.Type.ToString() })),
    ];

    /// <summary>Decodes a payload into the next row, or the next rows when its layout says so.</summary>
    /// <exception cref="FormatException">It does not have the layout: which field, and why. No row was ended.</exception>
    public void Decode(string topic, ReadOnlySpan<byte> payload, RecordBatchBuilder rows, long now, long arrival)
    {
        payload = Unwrap(payload);
        if (_settings.RecordLength == 0)
        {
            DecodeRow(topic, payload, rows, now, arrival);
            return;
        }

        int before = rows.Count;
        try
        {
            DecodeRecords(topic, payload, rows, now, arrival);
        }
        catch (FormatException)
        {
            rows.Truncate(before);
            throw;
        }
    }

    private void DecodeRecords(string topic, ReadOnlySpan<byte> payload, RecordBatchBuilder rows, long now, long arrival)
    {
        if (payload.Length <= _settings.HeaderLength)
            throw new FormatException($"it has {payload.Length} bytes, and so no record behind the header of {_settings.HeaderLength}");
        ReadOnlySpan<byte> header = payload[.._settings.HeaderLength], records = payload[_settings.HeaderLength..];
        int count = Math.DivRem(records.Length, _settings.RecordLength, out int rest);
        if (rest > 0)
            throw new FormatException($"its {records.Length} bytes behind the header are no whole number of records of {_settings.RecordLength}");
        if (count > MaxRecords)
            throw new FormatException($"it has {count} records, more than {MaxRecords}");
        int first = rows.Count;
        for (int i = 0; i < count; i++)
        {
            rows.BeginRow(now, now, arrival);
            WriteTopic(topic, rows);
            _recordSequence = i;
            foreach ((PayloadField field, int column) in _fields)
                Binary(field, column, field.InHeader ? header : records.Slice(i * _settings.RecordLength, _settings.RecordLength), rows);
            rows.EndRow();
        }

        // The time of arrival is that of the last record, a time in the header that of the first.
        int start = string.IsNullOrEmpty(_settings.Timestamp) ? 1 - count : 0;
        Span<long> timestamps = rows.Timestamps[first..];
        for (int i = 0; i < count; i++)
            timestamps[i] += (start + i) * _interval;
    }

    private void DecodeRow(string topic, ReadOnlySpan<byte> payload, RecordBatchBuilder rows, long now, long arrival)
    {
        rows.BeginRow(now, now, arrival);
        WriteTopic(topic, rows);
        switch (_settings.Format)
        {
            case PayloadFormat.Binary:
                foreach ((PayloadField field, int column) in _fields)
                    Binary(field, column, payload, rows);
                break;
            case PayloadFormat.Delimited:
                string[] values = Encoding.UTF8.GetString(payload).TrimEnd('\r', '\n', '\0').Split(_delimiter);
                foreach ((PayloadField field, int column) in _fields)
                {
                    if (field.Offset >= values.Length)
                        throw new FormatException($"field '{field.Name}' is value {field.Offset}, but there are only {values.Length} values");
                    Text(field, column, values[field.Offset].Trim(), rows);
                }

                break;
            default:
                Match match;
                try
                {
                    match = _regex!.Match(Encoding.UTF8.GetString(payload));
                }
                catch (RegexMatchTimeoutException)
                {
                    throw new FormatException($"the regular expression took longer than {_settings.MatchTimeout.TotalMilliseconds:0} ms");
                }

                if (!match.Success)
                    throw new FormatException("the regular expression does not match");
                foreach ((PayloadField field, int column) in _fields)
                {
                    if (match.Groups[field.Name] is { Success: true } group)
                        Text(field, column, group.Value, rows);
                }

                break;
        }

        rows.EndRow();
    }

    private static bool IsColumn(MqttDecoderSettings settings, PayloadField field) => field.Name != settings.Timestamp && field.Name != settings.Sequence;

    private ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> payload)
    {
        if (_settings.Wrapper == PayloadWrapper.None)
            return payload;
        if (_unwrapped.Length < payload.Length)
            _unwrapped = new byte[payload.Length];
        if (_settings.Wrapper == PayloadWrapper.Base64)
        {
            return Base64.DecodeFromUtf8(payload.Trim(" \r\n\t"u8), _unwrapped, out _, out int length) == System.Buffers.OperationStatus.Done
                ? _unwrapped.AsSpan(0, length)
                : throw new FormatException("it is not Base64");
        }

        int digits = 0;
        foreach (byte c in payload)
        {
            if (c is (byte)' ' or (byte)'-' or (byte)':' or (byte)'\r' or (byte)'\n')
                continue;
            int value = c switch
            {
                >= (byte)'0' and <= (byte)'9' => c - '0',
                >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
                _ => throw new FormatException($"'{(char)c}' is not a hexadecimal digit"),
            };
            _unwrapped[digits / 2] = (byte)(digits % 2 == 0 ? value << 4 : _unwrapped[digits / 2] | value);
            digits++;
        }

        return digits % 2 == 0 ? _unwrapped.AsSpan(0, digits / 2) : throw new FormatException("it has an odd number of hexadecimal digits");
    }

    private void WriteTopic(string topic, RecordBatchBuilder rows)
    {
        if (_topic.Length == 0)
            return;
        string[] levels = topic.Split('/');
        foreach ((int level, int column) in _topic)
        {
            if (level <= levels.Length)
                rows.SetText(column, Encoding.UTF8.GetBytes(levels[level - 1]));
        }
    }

    private void Binary(PayloadField field, int column, ReadOnlySpan<byte> payload, RecordBatchBuilder rows)
    {
        bool big = (field.ByteOrder ?? _settings.ByteOrder) == ByteOrder.Big;
        for (int i = 0; i < field.Count; i++)
        {
            int start = field.Offset + (i * field.Width);
            int width = field.Type == PayloadType.Text && field.Length == 0 ? Math.Max(0, payload.Length - start) : field.Width;
            if (start + width > payload.Length)
                throw new FormatException($"field '{field.Name}' needs bytes {start} to {start + width - 1}, but there are only {payload.Length}");
            ReadOnlySpan<byte> bytes = payload.Slice(start, width);
            int at = column < 0 ? -1 : column + i;
            switch (field.Type)
            {
                case PayloadType.Text:
                    int zero = bytes.IndexOf((byte)0);
                    Store(field, at, Encoding.UTF8.GetString(zero < 0 ? bytes : bytes[..zero]), rows);
                    break;
                case PayloadType.Float32:
                    Store(field, at, big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes), rows);
                    break;
                case PayloadType.Float64:
                    Store(field, at, big ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes), rows);
                    break;
                default:
                    Store(field, at, Whole(field, bytes, big), rows);
                    break;
            }
        }
    }

    private static Int128 Whole(PayloadField field, ReadOnlySpan<byte> bytes, bool big)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value = (value << 8) | bytes[big ? i : bytes.Length - 1 - i];
        if (field.Bits > 0)
            return (value >> field.FirstBit) & ((1UL << field.Bits) - 1);
        return field.Type switch
        {
            PayloadType.Int8 => (sbyte)value,
            PayloadType.Int16 => (short)value,
            PayloadType.Int32 => (int)value,
            PayloadType.Int64 => (long)value,
            _ => value,
        };
    }

    private void Text(PayloadField field, int column, string value, RecordBatchBuilder rows)
    {
        if (value.Length == 0 && field.Type != PayloadType.Text)
            return;
        switch (field.Type)
        {
            case PayloadType.Text:
                Store(field, column, value, rows);
                break;
            case PayloadType.Boolean:
                Store(field, column, value is "1" || (value is not "0" && (bool.TryParse(value, out bool truth) ? truth : throw Unfit(field, value))) ? Int128.One : Int128.Zero, rows);
                break;
            case PayloadType.Float32 or PayloadType.Float64:
                if (field.Name == _settings.Timestamp && IsoTime.TryParse(Encoding.UTF8.GetBytes(value), out long time))
                    rows.SetTimestamp(time);
                else
                    Store(field, column, double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Unfit(field, value), rows);
                break;
            default:
                Store(field, column, Int128.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 whole) && Fits(field.Type, whole) ? whole : throw Unfit(field, value), rows);
                break;
        }
    }

    private static bool Fits(PayloadType type, Int128 value) => type switch
    {
        PayloadType.Int8 => value >= sbyte.MinValue && value <= sbyte.MaxValue,
        PayloadType.UInt8 => value >= 0 && value <= byte.MaxValue,
        PayloadType.Int16 => value >= short.MinValue && value <= short.MaxValue,
        PayloadType.UInt16 => value >= 0 && value <= ushort.MaxValue,
        PayloadType.Int32 => value >= int.MinValue && value <= int.MaxValue,
        PayloadType.UInt32 => value >= 0 && value <= uint.MaxValue,
        PayloadType.UInt64 => value >= 0 && value <= ulong.MaxValue,
        _ => value >= long.MinValue && value <= long.MaxValue,
    };

    private void Store(PayloadField field, int column, string value, RecordBatchBuilder rows)
    {
        if (column >= 0)
            rows.SetText(column, Encoding.UTF8.GetBytes(value));
        else if (field.Name == _settings.Timestamp)
            rows.SetTimestamp(IsoTime.TryParse(Encoding.UTF8.GetBytes(value), out long time) ? time : throw Unfit(field, value));
        else
            rows.SetSequence(long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw Unfit(field, value), _recordSequence);
    }

    private void Store(PayloadField field, int column, double value, RecordBatchBuilder rows)
    {
        double scaled = (value * field.Scale) + field.Add;
        if (column >= 0)
            rows.SetFloat64(column, scaled);
        else if (field.Name == _settings.Timestamp)
            rows.SetTimestamp(EpochNumber.TryRead(scaled, out long time) ? time : throw Unfit(field, scaled));
        else
            rows.SetSequence(double.IsInteger(scaled) && Math.Abs(scaled) <= 1L << 53 ? (long)scaled : throw Unfit(field, scaled), _recordSequence);
    }

    private void Store(PayloadField field, int column, Int128 value, RecordBatchBuilder rows)
    {
        if (field.IsScaled && field.Type != PayloadType.Boolean)
        {
            Store(field, column, (double)value, rows);
            return;
        }

        if (column < 0)
        {
            long number = value <= long.MaxValue ? (long)value : throw Unfit(field, value);
            if (field.Name == _settings.Timestamp)
                rows.SetTimestamp(EpochNumber.TryRead(number, out long time) ? time : throw Unfit(field, value));
            else
                rows.SetSequence(number, _recordSequence);
            return;
        }

        switch (field.Stored)
        {
            case FieldType.Boolean:
                rows.SetBoolean(column, value != 0);
                break;
            case FieldType.UInt64:
                rows.SetUInt64(column, (ulong)value);
                break;
            default:
                rows.SetInt64(column, (long)value);
                break;
        }
    }

    private static FormatException Unfit(PayloadField field, object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new FormatException($"field '{field.Name}': '{(text.Length > 60 ? text[..60] + "…" : text)}' is not {field.Type}");
    }
}
