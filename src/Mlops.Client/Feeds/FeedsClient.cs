namespace Mlops.Client;

/// <summary>Records, labels and charts. Thread-safe.</summary>
public sealed class FeedsClient
{
    private readonly Transport _transport;

    internal FeedsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the feeds.</summary>
    /// <param name="search">Only feeds whose id holds this.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The feeds.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<FeedSummary>> ListAsync(string? search = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<FeedSummary>(Query.Of("feeds", ("search", search)), cancellationToken);

    /// <summary>Returns one feed.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The feed.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<FeedSummary> GetAsync(string feed, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<FeedSummary>($"feeds/{Query.Segment(feed)}", cancellationToken);

    /// <summary>Returns the newest records, newest first.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="limit">How many, up to 1,000.</param>
    /// <param name="filter">A pure SQL expression that records must meet.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The records with their positions.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<StoredRecord>> GetLastAsync(string feed, int limit = 10, string? filter = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<IReadOnlyList<StoredRecord>>(Query.Of($"feeds/{Query.Segment(feed)}/last", ("limit", limit), ("filter", filter)), cancellationToken);

    /// <summary>Makes few points of many records.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="from">Earliest time.</param>
    /// <param name="to">Latest time.</param>
    /// <param name="points">How many points at most.</param>
    /// <param name="fields">Names of fields, separated by commas.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ChartAnswer> GetChartAsync(string feed, DateTimeOffset? from = null, DateTimeOffset? to = null, int points = 1000, string? fields = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<ChartAnswer>(Query.Of($"feeds/{Query.Segment(feed)}/chart", ("from", from), ("to", to), ("points", points), ("fields", fields)), cancellationToken);

    /// <summary>Stores records; they are durable when the task completes.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ImportAnswer> WriteAsync(string feed, RecordsBody records, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<RecordsBody, ImportAnswer>(HttpMethod.Post, $"feeds/{Query.Segment(feed)}/records", records, cancellationToken: cancellationToken);

    /// <summary>Stores the records of a CSV text with a timestamp column.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="csv">UTF-8 text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ImportAnswer> ImportCsvAsync(string feed, Stream csv, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<ImportAnswer>(HttpMethod.Post, $"feeds/{Query.Segment(feed)}/records", Transport.File(csv, "text/csv"), cancellationToken);

    /// <summary>Stores the records of a Parquet file.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="parquet">The file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ImportAnswer> ImportParquetAsync(string feed, Stream parquet, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<ImportAnswer>(HttpMethod.Post, $"feeds/{Query.Segment(feed)}/records", Transport.File(parquet, "application/vnd.apache.parquet"), cancellationToken);

    /// <summary>Fetches records.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="selection">Which records, and in which format; all as JSON where nothing is said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once all are there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task ExportAsync(string feed, Stream target, RecordSelection? selection = null, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync((selection ?? new RecordSelection()).ToQuery(feed), target, cancellationToken);

    /// <summary>Lists the labels of a feed, newest first.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="set">Only this label set.</param>
    /// <param name="history">With those that were replaced or taken back.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<LabelEntry>> ListLabelsAsync(string feed, string? set = null, bool history = false, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<LabelEntry>(Query.Of($"feeds/{Query.Segment(feed)}/labels", ("set", set), ("history", history ? "true" : null)), cancellationToken);

    /// <summary>Stores labels.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were stored.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<LabelsAdded> AddLabelsAsync(string feed, LabelsBody labels, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<LabelsBody, LabelsAdded>(HttpMethod.Post, $"feeds/{Query.Segment(feed)}/labels", labels, cancellationToken: cancellationToken);

    /// <summary>Stores the labels of a CSV text.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="csv">UTF-8 text.</param>
    /// <param name="set">The label set of lines that name none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of the lines.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<LabelsAdded> ImportLabelsAsync(string feed, Stream csv, string? set = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<LabelsAdded>(HttpMethod.Post, Query.Of($"feeds/{Query.Segment(feed)}/labels", ("set", set)), Transport.File(csv, "text/csv"), cancellationToken);

    /// <summary>Takes labels back.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="ids">Numbers of the labels.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were taken back.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<CountAnswer> DeleteLabelsAsync(string feed, IReadOnlyList<long> ids, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<NumberList, CountAnswer>(HttpMethod.Post, $"feeds/{Query.Segment(feed)}/labels/delete", new NumberList(ids), cancellationToken: cancellationToken);

    /// <summary>Makes a feed with some fields before its first record, or adds fields to it.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The feed.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<FeedSummary> PutAsync(string feed, FeedBody fields, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<FeedBody, FeedSummary>(HttpMethod.Put, $"feeds/{Query.Segment(feed)}", fields, cancellationToken: cancellationToken);
}
