using System.Buffers;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.CommitLog;

/// <summary>A log row in the making: records of one feed and one schema revision from one commit.</summary>
/// <param name="feed">The feed.</param>
/// <param name="revision">The revision.</param>
/// <param name="after">Position behind which the row's positions must lie.</param>
internal sealed class LogDraft(FeedEntry feed, FeedRevision revision, long after) : IDisposable
{
    /// <summary>Keeps what must be decoded at once small.</summary>
    public const int MaxRows = 16_384;

    private readonly int _mostRows = SegmentFile.IsWide(revision) ? SegmentFile.VectorRows : MaxRows;
    private readonly List<(RecordBatch Batch, int Start, int Count)> _parts = [];
    private byte[]? _buffer;
    private int _length;
    private long _first;
    private long _minTime = long.MaxValue;
    private long _maxTime = long.MinValue;

    public FeedEntry Feed => feed;

    public FeedRevision Revision => revision;

    public int Count { get; private set; }

    /// <summary>Gets a value indicating whether no row more fits in.</summary>
    public bool IsFull => Count == _mostRows;

    public long Last { get; private set; } = after;

    public uint Checksum { get; private set; }

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, _length);

    public StoredRange Range(long since) => new(_first, Last, Count, _minTime, _maxTime, _length, since);

    /// <summary>Adds rows of a batch while there is room.</summary>
    /// <returns>How many rows were taken.</returns>
    /// <exception cref="ArgumentException">Positions do not rise.</exception>
    public int Add(RecordBatch batch, int start)
    {
        int count = Math.Min(batch.Count - start, _mostRows - Count);
        if (count == 0)
            return 0;
        if (Count == 0)
            _first = batch.Positions[start];
        foreach (long position in batch.Positions.Slice(start, count))
        {
            if (position <= Last || position < 1)
            {
                throw new ArgumentException(
                    $"Feed '{feed.Id}': position {position} follows {Math.Max(Last, 0)}. Reserve positions with ReservePositionsAsync and commit the batches of a feed in their order.", nameof(batch));
            }

            Last = position;
        }

        foreach (long time in batch.Timestamps.Slice(start, count))
        {
            _minTime = Math.Min(_minTime, time);
            _maxTime = Math.Max(_maxTime, time);
        }

        _parts.Add((batch, start, count));
        Count += count;
        return count;
    }

    /// <summary>Writes the rows into the draft's own memory; the batches are not needed afterwards.</summary>
    public void Encode()
    {
        _buffer = ArrayPool<byte>.Shared.Rent(checked((int)BlobEncoder.Bound(revision.Schema, _parts)));
        _length = BlobEncoder.Encode(revision.Schema, _parts, Count, _buffer);
        Checksum = CommitLog.Checksum.Of(Data);
    }

    public void Dispose()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
