using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>Decodes rows of a feed's log under one revision of its schema, and remembers those that cannot be read.</summary>
internal sealed class LogRowDecoder(FeedEntry feed, FeedRevision target)
{
    private readonly Dictionary<int, SchemaMap> _maps = [];
    private readonly List<(long Id, string Reason)> _broken = [];

    /// <summary>Appends the records of a row that <see cref="PartReader"/> selected to a builder of the target's schema.</summary>
    /// <returns><see langword="false"/> when the row cannot be read; the builder is then as before.</returns>
    public bool Decode(SqliteStatement row, RecordBatchBuilder builder)
    {
        ReadOnlySpan<byte> data = row.Blob(8);
        var expected = (uint)row.Int64(7);
        uint checksum = Checksum.Of(data);
        if (checksum != expected)
            return Remember(row, $"Its checksum is {checksum:x8} and should be {expected:x8}.");
        int before = builder.Count;
        try
        {
            BlobDecoder.Decode(data, MapOf((int)row.Int64(1)), builder);
            if (builder.Count - before == row.Int64(4))
                return true;
            builder.Truncate(before);
            return Remember(row, "It holds another number of records than it says.");
        }
        catch (InvalidDataException e)
        {
            builder.Truncate(before);
            return Remember(row, e.Message);
        }
    }

    public SchemaMap MapOf(int revision)
    {
        if (!_maps.TryGetValue(revision, out SchemaMap? map))
            _maps.Add(revision, map = new SchemaMap(feed.Revision(revision), target));
        return map;
    }

    /// <summary>Takes the rows that could not be read out of the log.</summary>
    /// <returns><see langword="true"/> when there were any.</returns>
    public async ValueTask<bool> SetBrokenAsideAsync(SetAside setAside)
    {
        if (_broken.Count == 0)
            return false;
        foreach ((long id, string reason) in _broken)
            await setAside.LogRowAsync(feed, id, reason).ConfigureAwait(false);
        _broken.Clear();
        return true;
    }

    private bool Remember(SqliteStatement row, string reason)
    {
        _broken.Add((row.Int64(0), reason));
        return false;
    }
}
