using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.CommitLog;

/// <summary>A commit ready to be written: encoded log rows, one for each feed (and schema revision, and 16,384 records), and cursors.</summary>
internal sealed class CommitDraft : IDisposable
{
    private const string InsertRow = "INSERT INTO log (feed, revision, first, last, count, min_time, max_time, created, checksum, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    private const string MoveCursor = "INSERT INTO cursor (name, position) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET position = excluded.position";
    private readonly List<LogDraft> _rows = [];
    private readonly KeyValuePair<string, long>[] _cursors;

    private CommitDraft(StoreCommit commit, long created)
    {
        _cursors = [.. commit.Cursors];
        Created = created;
    }

    public IReadOnlyList<LogDraft> Rows => _rows;

    public long Created { get; }

    /// <exception cref="ArgumentException">A feed or schema is unknown, or positions do not rise.</exception>
    public static CommitDraft Of(StoreCommit commit, FeedCatalog catalog, long created)
    {
        var draft = new CommitDraft(commit, created);
        var open = new Dictionary<string, LogDraft>(StringComparer.Ordinal);
        foreach (RecordBatch batch in commit.Batches)
        {
            if (batch.Count > 0)
                draft.Add(batch, catalog, open);
        }

        try
        {
            foreach (LogDraft row in draft._rows)
                row.Encode();
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Writes rows and cursors; runs on the writing thread.</summary>
    public void Write(NodeDatabase database)
    {
        SqliteStatement insert = database.Statement(InsertRow);
        foreach (LogDraft row in _rows)
        {
            StoredRange range = row.Range(Created);
            insert.Bind(1, row.Feed.Number).Bind(2, row.Revision.Number).Bind(3, range.First).Bind(4, range.Last).Bind(5, range.Count)
                .Bind(6, range.MinTime).Bind(7, range.MaxTime).Bind(8, Created).Bind(9, row.Checksum).Bind(10, row.Data).Run();
        }

        foreach ((string name, long position) in _cursors)
            database.Statement(MoveCursor).Bind(1, name).Bind(2, position).Run();
    }

    public void Dispose()
    {
        foreach (LogDraft row in _rows)
            row.Dispose();
    }

    private void Add(RecordBatch batch, FeedCatalog catalog, Dictionary<string, LogDraft> open)
    {
        string id = batch.Schema.Feed;
        open.TryGetValue(id, out LogDraft? row);
        FeedEntry feed = row?.Feed ?? catalog.Require(id);
        FeedRevision revision = row is not null && row.Revision.Fits(batch.Schema) ? row.Revision : feed.RevisionOf(batch.Schema);
        for (int start = 0; start < batch.Count;)
        {
            if (row is null || row.IsFull || row.Revision != revision)
            {
                row = new LogDraft(feed, revision, row?.Last ?? long.MinValue);
                _rows.Add(row);
                open[id] = row;
            }

            start += row.Add(batch, start);
        }
    }
}
