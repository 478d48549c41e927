using System.Text.Json;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>
/// Parses bulk and timeseries messages straight into the open batch of their feed. Called under the gate of the pipeline; allocates
/// nothing for a message of the expected form.
/// </summary>
/// <remarks>
/// Keys may come in any order. A bulk message is read once: the row is ended only when the whole message was understood, so a broken
/// one leaves nothing behind. The records of a timeseries message are first found and checked, then sorted by <c>rseq</c>, then read.
/// </remarks>
internal sealed class DatabusDecoder(IngestInstruments instruments)
{
    private RecordPart[] _parts = new RecordPart[64];
    private int _partCount;

    /// <summary>Parses a message. Rows that are new are ended in the inlet's entry.</summary>
    /// <param name="route">What is known of the topic.</param>
    /// <param name="payload">The message.</param>
    /// <param name="received">When it was accepted, nanoseconds since 1970 UTC.</param>
    /// <param name="arrival">Monotonic tick at which its bytes were read.</param>
    /// <param name="wantQualities">Whether a message with values that are less than good is left alone when the feed cannot say of which ones.</param>
    /// <exception cref="JsonException">The payload is not what a databus message is; the text says why.</exception>
    public DatabusDecodeResult Decode(DatabusRoute route, ReadOnlySpan<byte> payload, long received, long arrival, bool wantQualities = false)
    {
        if (payload.StartsWith("\uFEFF"u8))
            payload = payload[3..];
        if (!System.Text.Unicode.Utf8.IsValid(payload))
            throw new JsonException("the payload is not UTF-8 text");

        // The newest map is the right one almost always; when the message says otherwise, it is read again with the one it names.
        DatabusMap map = route.Current;
        RecordBatchBuilder rows = route.Inlet.Entry;
        int first = rows.Count;
        while (true)
        {
            map.Bind(route.Inlet.Schema);
            var head = new Head(received, arrival);
            var row = new DatabusRow(received, arrival);
            rows.Truncate(first);
            ReadMessage(payload, map, rows, route.Single, ref head, ref row);
            DatabusMap? named = route.Find(head.Hash);
            if (named is null)
            {
                rows.Truncate(first);
                return DatabusDecodeResult.Unknown(head.Hash);
            }

            if (!ReferenceEquals(named, map))
            {
                map = named;
                continue;
            }

            return Finish(route, payload, map, head, row, first, wantQualities && map.QualitiesColumn < 0);
        }
    }

    private void ReadMessage(ReadOnlySpan<byte> payload, DatabusMap map, RecordBatchBuilder rows, int single, ref Head head, ref DatabusRow row)
    {
        _partCount = 0;
        bool isSingle = false;
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a databus message is a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vals"u8))
            {
                reader.Read();
                if (!head.HasValues)
                    rows.BeginRow(0, head.Received, head.Arrival);
                head.HasValues = true;
                DatabusValues.Read(ref reader, payload, map, rows, ref row);
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                if (DatabusValues.TryReadInteger(ref reader, out long sequence))
                    head.Sequence = sequence;
            }
            else if (reader.ValueTextEquals("mdHashVer"u8))
            {
                reader.Read();
                if (DatabusValues.TryReadInteger(ref reader, out long hash))
                    head.Hash = hash;
            }
            else if (reader.ValueTextEquals("ts"u8))
            {
                reader.Read();
                DatabusValues.ReadTime(ref reader, ref head.Timestamp, ref head.HasTimestamp, ref row.Misfits);
            }
            else if (reader.ValueTextEquals("records"u8))
            {
                reader.Read();
                head.HasRecords = true;
                FindRecords(ref reader, ref row);
            }
            else
            {
                isSingle |= single >= 0 && reader.ValueTextEquals("val"u8);
                reader.Skip();
            }
        }

        // Reports what follows behind the object.
        reader.Read();
        if (isSingle && !head.HasValues)
        {
            rows.BeginRow(0, head.Received, head.Arrival);
            DatabusValues.ReadSingle(payload, map, rows, single, ref row);
            head.HasValues = true;
        }

        if (!head.HasValues && !head.HasRecords)
            throw new JsonException("the message has neither 'vals' nor 'records'");
    }

    private DatabusDecodeResult Finish(
        DatabusRoute route, ReadOnlySpan<byte> payload, DatabusMap map, in Head head, DatabusRow row, int first, bool wantQualities)
    {
        RecordBatchBuilder rows = route.Inlet.Entry;
        int duplicates = 0;
        long hash = head.Hash ?? DuplicateWindow.NoHash;
        bool hasQualities = row.HasQualities;
        if (head.HasValues)
            EndRows(route, rows, map, first, hash, head, head.Timestamp, head.HasTimestamp, RecordBatch.NoSequence, row, ref duplicates);
        int misfits = row.Misfits + row.Unknown;
        for (int i = 0; i < _partCount; i++)
        {
            int before = rows.Count;
            ReadRecord(payload.Slice(_parts[i].Start, _parts[i].Length), map, rows, head, out DatabusRow part, out long timestamp, out bool hasTimestamp);
            misfits += part.Misfits + part.Unknown;
            hasQualities |= part.HasQualities;
            EndRows(route, rows, map, before, hash, head, timestamp, hasTimestamp, _parts[i].RecordSequence, part, ref duplicates);
        }

        if (hasQualities && wantQualities && rows.Count > first)
        {
            rows.Truncate(first);
            return DatabusDecodeResult.Wanting;
        }

        Remember(route.Inlet.Seen, rows, first, hash);
        int added = rows.Count - first;
        CountGaps(route, head, added > 0 || duplicates == 0);
        instruments.Misfits += misfits;
        instruments.Duplicates += duplicates;
        return DatabusDecodeResult.Of(added);
    }

    // Only when all rows of a message are there, so that two records that are numbered alike do not count as sent twice.
    private static void Remember(DuplicateWindow seen, RecordBatchBuilder rows, int first, long hash)
    {
        Span<long> sequences = rows.Sequences;
        Span<long> recordSequences = rows.RecordSequences;
        Span<long> timestamps = rows.Timestamps;
        for (int i = first; i < sequences.Length; i++)
        {
            bool repeats = i > first && sequences[i] == sequences[i - 1] && recordSequences[i] == recordSequences[i - 1] && timestamps[i] == timestamps[i - 1];
            if (sequences[i] != RecordBatch.NoSequence && !repeats)
                seen.Add(hash, sequences[i], recordSequences[i], timestamps[i]);
        }
    }

    private static void EndRows(
        DatabusRoute route, RecordBatchBuilder rows, DatabusMap map, int first, long hash, in Head head, long timestamp, bool hasTimestamp, long recordSequence, in DatabusRow row, ref int duplicates)
    {
        if (row.Known == 0)
            return;
        if (map.IsLong)
            EndLongRows(route, rows, first, hash, head, hasTimestamp ? timestamp : head.Received, hasTimestamp, recordSequence, ref duplicates);
        else
            EndRow(route, rows, hash, head, timestamp, hasTimestamp, recordSequence, row, ref duplicates);
    }

    private static void EndRow(
        DatabusRoute route, RecordBatchBuilder rows, long hash, in Head head, long timestamp, bool hasTimestamp, long recordSequence, in DatabusRow row, ref int duplicates)
    {
        if (row.HasTimestamp)
            (timestamp, hasTimestamp) = (row.Newest, true);
        if (!hasTimestamp)
            timestamp = head.Received;
        else if (head.Sequence != RecordBatch.NoSequence && route.Inlet.Seen.Contains(hash, head.Sequence, recordSequence, timestamp))
        {
            duplicates++;
            return;
        }

        rows.SetTimestamp(timestamp);
        rows.SetSequence(head.Sequence, recordSequence);
        rows.EndRow();
    }

    // Their values are ended already, each with its own time where it has one.
    private static void EndLongRows(
        DatabusRoute route, RecordBatchBuilder rows, int first, long hash, in Head head, long timestamp, bool hasTimestamp, long recordSequence, ref int duplicates)
    {
        Span<long> timestamps = rows.Timestamps;
        bool isNew = head.Sequence == RecordBatch.NoSequence;
        for (int i = first; i < timestamps.Length; i++)
        {
            isNew |= timestamps[i] == LongFeed.Unset && !hasTimestamp;
            if (timestamps[i] == LongFeed.Unset)
                timestamps[i] = timestamp;
            isNew = isNew || !route.Inlet.Seen.Contains(hash, head.Sequence, recordSequence, timestamps[i]);
        }

        rows.Sequences[first..].Fill(head.Sequence);
        rows.RecordSequences[first..].Fill(recordSequence);
        if (isNew)
            return;
        duplicates += rows.Count - first;
        rows.Truncate(first);
    }

    private void CountGaps(DatabusRoute route, in Head head, bool isNew)
    {
        if (!isNew || head.Sequence == RecordBatch.NoSequence)
            return;
        Count(route, Gap(route.LastSequence, head.Sequence));
        route.LastSequence = head.Sequence;
        for (int i = 0; i < _partCount; i++)
        {
            if (_parts[i].RecordSequence == RecordBatch.NoSequence)
                continue;
            Count(route, Gap(route.LastRecordSequence, _parts[i].RecordSequence));
            route.LastRecordSequence = _parts[i].RecordSequence;
        }
    }

    private void Count(DatabusRoute route, long missing)
    {
        instruments.Gaps += missing;
        route.Flow.Missing += missing;
    }

    // A number that falls back is a restart of the sender, not a gap.
    private static long Gap(long last, long next) => last != RecordBatch.NoSequence && next > last + 1 ? next - last - 1 : 0;

    private void FindRecords(ref Utf8JsonReader reader, ref DatabusRow row)
    {
        _partCount = 0;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("'records' is not a list");
        bool sorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                row.Misfits++;
                continue;
            }

            int start = (int)reader.TokenStartIndex;
            long number = RecordBatch.NoSequence;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("rseq"u8))
                {
                    reader.Read();
                    if (DatabusValues.TryReadInteger(ref reader, out long rseq))
                        number = rseq;
                }
                else
                {
                    reader.Skip();
                }
            }

            sorted &= _partCount == 0 || _parts[_partCount - 1].RecordSequence <= number;
            if (_partCount == _parts.Length)
                Array.Resize(ref _parts, _partCount * 2);
            _parts[_partCount] = new RecordPart(number, start, (int)reader.BytesConsumed - start);
            _partCount++;
        }

        if (!sorted)
            _parts.AsSpan(0, _partCount).Sort(static (a, b) => (a.RecordSequence, a.Start).CompareTo((b.RecordSequence, b.Start)));
    }

    private static void ReadRecord(
        ReadOnlySpan<byte> record, DatabusMap map, RecordBatchBuilder rows, in Head head, out DatabusRow row, out long timestamp, out bool hasTimestamp)
    {
        (timestamp, hasTimestamp) = (head.Timestamp, head.HasTimestamp);
        row = new DatabusRow(head.Received, head.Arrival);
        rows.BeginRow(0, head.Received, head.Arrival);
        var reader = new Utf8JsonReader(record);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vals"u8))
            {
                reader.Read();
                DatabusValues.Read(ref reader, record, map, rows, ref row);
            }
            else if (reader.ValueTextEquals("ts"u8))
            {
                reader.Read();
                DatabusValues.ReadTime(ref reader, ref timestamp, ref hasTimestamp, ref row.Misfits);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // What a message says about all its rows.
    private struct Head(long received, long arrival)
    {
        public long Sequence = RecordBatch.NoSequence;
        public long? Hash = null;
        public long Timestamp = 0;
        public bool HasTimestamp = false;
        public bool HasValues = false;
        public bool HasRecords = false;
        public readonly long Received = received;
        public readonly long Arrival = arrival;
    }

    private readonly record struct RecordPart(long RecordSequence, int Start, int Length);
}
