using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>
/// A feed, or what one version of it wrote, as a table in SQL: its Parquet files, and its rows of the log in a temporary table. First
/// the files are found, then, in the same snapshot of the catalog, the log is loaded through a connection that may read them.
/// </summary>
internal sealed class FeedSource
{
    private readonly FeedEntry _feed;
    private readonly int? _version;
    private readonly PartReader _parts;
    private readonly LogRowDecoder _decoder;

    /// <param name="feed">The feed.</param>
    /// <param name="query">Which of its records count; its filter is not looked at.</param>
    /// <param name="version">The only version that counts; <see langword="null"/> for all, under the newest schema.</param>
    public FeedSource(FeedEntry feed, FeedQuery query, int? version = null)
    {
        _feed = feed;
        _version = version;
        Target = version is { } v ? feed.RequireVersion(v) : feed.Current;
        Bounds = new ScanBounds(query, feed.LastPosition);
        _parts = new PartReader(feed, Bounds);
        _decoder = new LogRowDecoder(feed, Target);
    }

    public FeedEntry Feed => _feed;

    /// <summary>Gets the revision whose columns the table has.</summary>
    public FeedRevision Target { get; }

    public ScanBounds Bounds { get; }

    /// <summary>Gets the files; known after <see cref="Find"/>.</summary>
    public IReadOnlyList<Segment> Segments { get; private set; } = [];

    public void Find(SqliteConnection connection) => Segments = [.. _parts.AllSegments(connection).Where(s => Counts(s.Revision))];

    /// <summary>Loads the log and returns the table as SQL.</summary>
    /// <param name="catalog">The snapshot in which <see cref="Find"/> ran.</param>
    /// <param name="connection">Where the table is used.</param>
    /// <param name="feedsFolder">Folder of the files.</param>
    /// <param name="table">Name of the temporary table.</param>
    public string Load(SqliteConnection catalog, DuckDbConnection connection, string feedsFolder, string table)
    {
        var scratch = new RecordBatchBuilder(Target.Schema, 256);
        using (var loader = new RecordLoader(connection, table, Target))
        {
            _parts.AllLog(catalog, (row, _) =>
            {
                if (!Counts((int)row.Int64(1)) || !_decoder.Decode(row, scratch))
                    return;
                using RecordBatch batch = scratch.Build();
                loader.Append(batch);
            });
            loader.Flush();
        }

        IEnumerable<string> files = Segments.GroupBy(s => s.Revision).Select(g => SegmentSql.Select(feedsFolder, g, _decoder.MapOf(g.Key), Target));
        return string.Join(" UNION ALL BY NAME ", files.Append($"SELECT {Sql.Columns(Target)} FROM {Sql.Identifier(table)}"));
    }

    /// <summary>Takes what could not be read out of the way.</summary>
    /// <param name="setAside">Who does it.</param>
    /// <param name="files">Whether to look through the files as well.</param>
    /// <returns><see langword="true"/> when there was something, so that it helps to try again.</returns>
    public async Task<bool> SetBrokenAsideAsync(SetAside setAside, bool files)
    {
        bool any = await _decoder.SetBrokenAsideAsync(setAside).ConfigureAwait(false);
        foreach (Segment segment in files ? Segments : [])
            any |= await setAside.SegmentIfBrokenAsync(_feed, segment).ConfigureAwait(false);
        return any;
    }

    private bool Counts(int revision) => _version is null || _feed.Revision(revision).Schema.Version == _version;
}
