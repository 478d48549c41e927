using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>One feed in memory: the revisions of its schema and what is stored of it. Thread-safe.</summary>
internal sealed class FeedEntry
{
    private readonly Lock _lock = new();
    private volatile FeedRevision[] _revisions;
    private StoredRange _log;
    private StoredRange _segments;
    private long _lastPosition;
    private long _segmentChanges;

    public FeedEntry(long number, IEnumerable<FeedRevision> revisions)
    {
        Number = number;
        _revisions = [.. revisions];
    }

    public long Number { get; }

    public string Id => Current.Schema.Feed;

    public FeedRevision Current => _revisions[^1];

    /// <summary>Gets what is in the log and not yet in a segment.</summary>
    public StoredRange Log
    {
        get
        {
            lock (_lock)
                return _log;
        }
    }

    /// <summary>Gets what is in segments.</summary>
    public StoredRange Segments
    {
        get
        {
            lock (_lock)
                return _segments;
        }
    }

    /// <summary>Gets a number that rises whenever the feed's segments change.</summary>
    public long SegmentChanges => Volatile.Read(ref _segmentChanges);

    public long LastPosition => Volatile.Read(ref _lastPosition);

    /// <summary>Gets or sets a value indicating whether position ranges of stored parts overlap, so that reading must sort.</summary>
    /// <remarks>Only a commit that was repeated after others had overtaken it brings this about.</remarks>
    public bool HasOverlaps { get; set; }

    public FeedRevision Revision(int number) => _revisions[number - 1];

    /// <summary>Gets the newest revision of each version: it has all fields that older ones of its version have, in types that take their values.</summary>
    public IEnumerable<FeedRevision> Versions => _revisions.GroupBy(r => r.Schema.Version).Select(g => g.Last());

    /// <summary>Returns the newest revision of a version.</summary>
    /// <exception cref="ArgumentException">There is no such version.</exception>
    public FeedRevision RequireVersion(int version) => _revisions.LastOrDefault(r => r.Schema.Version == version)
        ?? throw new ArgumentException($"Feed '{Id}' has no version {version}. It is at version {Current.Schema.Version}; ask for that or an earlier one.", nameof(version));

    /// <summary>Returns the newest revision under which records of an older one can be kept as they are, value by value.</summary>
    public FeedRevision NewestThatHolds(FeedRevision revision) => _revisions.Last(r => r.Schema.Version == revision.Schema.Version && r.Holds(revision));

    /// <summary>Finds the revision under which a batch was built.</summary>
    /// <exception cref="ArgumentException">None fits.</exception>
    public FeedRevision RevisionOf(FeedSchema schema)
    {
        FeedRevision[] revisions = _revisions;
        for (int i = revisions.Length - 1; i >= 0; i--)
        {
            if (revisions[i].Fits(schema))
                return revisions[i];
        }

        throw new ArgumentException($"Feed '{Id}': a batch has columns that the feed never had. Declare the fields first and build batches under the schema that DeclareAsync returns.", nameof(schema));
    }

    public void Add(FeedRevision revision) => _revisions = [.. _revisions, revision];

    public void AddToLog(StoredRange range)
    {
        lock (_lock)
        {
            if (range.First <= _lastPosition)
                HasOverlaps |= _log.Overlaps(range) || _segments.Overlaps(range);
            _log = _log.With(range);
            Volatile.Write(ref _lastPosition, Math.Max(_lastPosition, range.Last));
        }
    }

    /// <summary>Says that parts of the log are now in segments, and what is left of it.</summary>
    public void MoveToSegments(StoredRange moved, StoredRange left)
    {
        lock (_lock)
        {
            _segments = _segments.With(moved);
            _log = left;
            _segmentChanges++;
        }
    }

    /// <summary>Replaces what is known of the stored parts, after reading it from the catalog.</summary>
    public void Load(StoredRange segments, StoredRange log)
    {
        lock (_lock)
        {
            _segments = segments;
            _log = log;
            _segmentChanges++;
            Volatile.Write(ref _lastPosition, Math.Max(_lastPosition, Math.Max(segments.Last, log.Last)));
        }
    }

    public FeedInfo Info()
    {
        StoredRange all;
        lock (_lock)
            all = _segments.With(_log);
        return new FeedInfo(Current.Schema, all.Count, all.Count == 0 ? null : all.MinTime, all.Count == 0 ? null : all.MaxTime, LastPosition);
    }
}
